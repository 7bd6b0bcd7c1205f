package dev.landlord.controlplane;

import dev.landlord.controlplane.ControlPlaneProperties.AuthoritySettings;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tls.CertificateAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Sees that all replicas of one database show certificates of one authority: an agent trusts the one that it joined with. The
 * store has the digest of the certificate and nothing more, so that a copy of it is not enough to pose as a control plane.
 */
final class AuthorityCheck {
    private static final String REMEDY =
            "Give all replicas the same two files: copy ca.crt and ca.key of the first into landlord.state-dir of the"
                    + " others, or name them by landlord.authority.certificate-file and landlord.authority.key-file. If the"
                    + " old authority is lost, start once with landlord.authority.replace=true; all agents have to join again.";

    private AuthorityCheck() {}

    /** The authority of this replica, made if the installation has none yet. */
    static CertificateAuthority open(
            AuthoritySettings settings, StateFolder folder, Database database, InstantSource clock) {
        Path certificate = settings.certificateFile();
        Path key = settings.keyFile();
        if (certificate != null && key != null) {
            return check(CertificateAuthority.read(certificate, key, clock), settings, database);
        }
        boolean missing = !Files.exists(folder.path().resolve("ca.crt"));
        if (missing
                && database.isShared()
                && !settings.replace()
                && !known(database).isEmpty()) {
            throw new StartRefused(
                    "landlord.state-dir " + folder.path() + " has no certificate authority, and the database is used by"
                            + " control planes that have one.",
                    REMEDY);
        }
        return check(CertificateAuthority.open(folder.path(), clock), settings, database);
    }

    /** A database of one replica goes with its folder: whoever exchanges the authority there knows. */
    private static CertificateAuthority check(
            CertificateAuthority authority, AuthoritySettings settings, Database database) {
        String digest = authority.sha256();
        boolean mayReplace = settings.replace() || !database.isShared();
        database.write(writer -> writer.sql("UPDATE meta SET authority_sha256 = ? WHERE authority_sha256 <> ?"
                        + " AND (authority_sha256 = '' OR ? = 1)")
                .params(digest, digest, mayReplace ? 1 : 0)
                .update());
        if (!known(database).equals(digest)) {
            throw new StartRefused(
                    "The certificate authority of this control plane is not the one of the others that use the database.",
                    REMEDY);
        }
        return authority;
    }

    private static String known(Database database) {
        return database.read(reader -> reader.sql("SELECT authority_sha256 FROM meta WHERE id = 1")
                .query(String.class)
                .single());
    }
}
