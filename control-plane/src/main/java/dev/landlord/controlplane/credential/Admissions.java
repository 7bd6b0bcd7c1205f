package dev.landlord.controlplane.credential;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tls.NodeSubject;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which nodes are let in: a certificate is good while its admission is the node's and its own end has not come. So one row
 * is all that a revocation changes, and renewals need none to be valid. Thread-safe. Methods that take a {@link JdbcClient}
 * are for use inside {@link Database#write} or {@link Database#read}, the others are not.
 */
public final class Admissions {
    private static final int ADMISSION_BYTES = 16;

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final IdentityCache cache = new IdentityCache();

    public Admissions(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        database.onCommit(revision -> cache.dropIfRevoked());
        // Another replica does not say what it changed.
        database.onCommitOfOthers(revision -> cache.drop());
    }

    /** What a certificate is worth. */
    public sealed interface Verdict {
        record Good(NodeSubject subject) implements Verdict {}

        /** @param message for whoever showed it */
        record Bad(NodeRefusals.Reason reason, String message) implements Verdict {}
    }

    /** Of a subject that no certificate has yet. */
    public NodeSubject newSubject(NodeName node) {
        byte[] admission = new byte[ADMISSION_BYTES];
        random.nextBytes(admission);
        return new NodeSubject(node, HexFormat.of().formatHex(admission));
    }

    /** Lets a node in, which exists, and makes all certificates of its earlier admissions worthless from the commit on. */
    public void admit(JdbcClient writer, NodeSubject subject, long certificateExpiresAt) {
        cache.revoking();
        writer.sql("INSERT INTO node_admission (node, admission, certificate_expires_at) VALUES (?, ?, ?)"
                        + " ON CONFLICT (node) DO UPDATE SET admission = excluded.admission,"
                        + " certificate_expires_at = excluded.certificate_expires_at")
                .params(subject.node().value(), subject.admission(), certificateExpiresAt)
                .update();
    }

    /** A new certificate of the same admission was made. Returns false if that was revoked meanwhile. */
    public boolean renewed(JdbcClient writer, NodeSubject subject, long certificateExpiresAt) {
        return writer.sql("UPDATE node_admission SET certificate_expires_at = ? WHERE node = ? AND admission = ?")
                        .params(certificateExpiresAt, subject.node().value(), subject.admission())
                        .update()
                == 1;
    }

    /** Makes all certificates of the node worthless from the commit on. Returns false if it had none. */
    public boolean revoke(JdbcClient writer, NodeName node) {
        cache.revoking();
        return writer.sql("DELETE FROM node_admission WHERE node = ?")
                        .param(node.value())
                        .update()
                == 1;
    }

    public boolean isAdmitted(JdbcClient reader, NodeName node) {
        return reader.sql("SELECT COUNT(*) FROM node_admission WHERE node = ?")
                        .param(node.value())
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** When the newest certificate of each node that is let in ends, epoch milliseconds. */
    public Map<NodeName, Long> expiries(JdbcClient reader) {
        return reader
                .sql("SELECT node, certificate_expires_at FROM node_admission")
                .query((row, number) -> Map.entry(new NodeName(row.getString(1)), row.getLong(2)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** @param certificate of which the handshake has shown that the authority signed it and the caller has its key */
    public Verdict judge(X509Certificate certificate) {
        Optional<NodeSubject> subject = NodeSubject.of(certificate);
        if (subject.isEmpty()) {
            return new Verdict.Bad(
                    NodeRefusals.Reason.NOT_OF_A_NODE, "the certificate that was shown is not one of a node");
        }
        NodeSubject its = subject.get();
        // A connection may last longer than the certificate with which it began.
        if (certificate.getNotAfter().toInstant().toEpochMilli() <= clock.millis()) {
            return new Verdict.Bad(
                    NodeRefusals.Reason.EXPIRED,
                    "the certificate of node " + its.node() + " has expired: let the node join anew");
        }
        return isGood(its)
                ? new Verdict.Good(its)
                : new Verdict.Bad(
                        NodeRefusals.Reason.REVOKED,
                        "the certificate of node " + its.node() + " was revoked: let the node join anew");
    }

    /** Whether the admission is still the node's. */
    public boolean isGood(NodeSubject subject) {
        String key = subject.node() + "/" + subject.admission();
        return cache.get(key, known -> true, unused -> database.read(reader -> find(reader, subject)))
                .isPresent();
    }

    private static Optional<Holder> find(JdbcClient reader, NodeSubject subject) {
        return reader.sql("SELECT COUNT(*) FROM node_admission WHERE node = ? AND admission = ?")
                                .params(subject.node().value(), subject.admission())
                                .query(Long.class)
                                .single()
                        == 1
                ? Optional.of(IdentityToken.of(subject).holder())
                : Optional.empty();
    }
}
