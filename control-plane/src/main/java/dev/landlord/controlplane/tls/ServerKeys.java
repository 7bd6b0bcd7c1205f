package dev.landlord.controlplane.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The certificate that the listeners show. It is kept and used again while it fits, because making one loads a large
 * library; it is made anew when the names changed, when its end is near, or when the authority is another.
 */
final class ServerKeys {
    static final String ALIAS = "server";
    private static final Duration RENEW_BEFORE_END = Duration.ofDays(60);

    private ServerKeys() {}

    /** A key store in memory, without a password, with the one entry {@link #ALIAS}. */
    static KeyStore load(Path folder, CertificateAuthority authority, List<String> names, Instant now) {
        Path certificateFile = folder.resolve("server.crt");
        Path keyFile = folder.resolve("server.key");
        try {
            if (!isUsable(certificateFile, keyFile, authority, names, now)) {
                KeyPair pair = CertificateMaker.newKey();
                X509Certificate made = authority.signKey(pair.getPublic(), names);
                Files.deleteIfExists(certificateFile);
                PrivateFiles.writeSecret(keyFile, Pem.key(pair.getPrivate().getEncoded()));
                PrivateFiles.writePublic(certificateFile, Pem.certificate(made.getEncoded()));
            }
            PrivateKey key = CertificateAuthority.readKey(Files.readString(keyFile));
            X509Certificate own = CertificateAuthority.readCertificate(Files.readString(certificateFile));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, key, new char[0], new Certificate[] {own, authority.certificate()});
            return store;
        } catch (IOException failure) {
            throw new UncheckedIOException("tls: server certificate in " + folder, failure);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("tls: server certificate in " + folder, failure);
        }
    }

    /** Of the certificate in the key store, epoch milliseconds. */
    static long expiresAt(KeyStore keys) {
        try {
            if (keys.getCertificate(ALIAS) instanceof X509Certificate own) {
                return own.getNotAfter().toInstant().toEpochMilli();
            }
            throw new IllegalStateException("tls: no server certificate in its key store");
        } catch (KeyStoreException failure) {
            throw new IllegalStateException("tls: read the server certificate", failure);
        }
    }

    private static boolean isUsable(
            Path certificateFile, Path keyFile, CertificateAuthority authority, List<String> names, Instant now)
            throws IOException {
        if (!Files.exists(certificateFile) || !Files.exists(keyFile)) {
            return false;
        }
        try {
            X509Certificate own = CertificateAuthority.readCertificate(Files.readString(certificateFile));
            own.verify(authority.certificate().getPublicKey());
            return own.getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE_END))
                    && names(own).equals(Set.copyOf(names));
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            // Of another authority, or damaged: it is ours to replace.
            return false;
        }
    }

    private static Set<String> names(X509Certificate certificate) throws CertificateParsingException {
        return certificate.getSubjectAlternativeNames().stream()
                .map(entry -> (String) entry.get(1))
                .collect(Collectors.toSet());
    }
}
