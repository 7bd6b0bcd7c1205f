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
    private static final Duration RENEWED_BEFORE_END = Duration.ofDays(60);
    private static final int RENEWED_IN_LAST_PART = 3;

    private ServerKeys() {}

    /** From when on the next one is made: 60 days before the end, or in the last third of a life that is short. Pure. */
    static Instant due(Instant notBefore, Instant notAfter) {
        Duration part = Duration.between(notBefore, notAfter).dividedBy(RENEWED_IN_LAST_PART);
        return notAfter.minus(part.compareTo(RENEWED_BEFORE_END) < 0 ? part : RENEWED_BEFORE_END);
    }

    /** A key store in memory, without a password, with the one entry {@link #ALIAS}. */
    static KeyStore load(ListenerSettings settings, CertificateAuthority authority, Instant now) {
        Path folder = settings.folder();
        Path certificateFile = folder.resolve("server.crt");
        Path keyFile = folder.resolve("server.key");
        try {
            if (!isUsable(certificateFile, keyFile, authority, settings.names(), now)) {
                KeyPair pair = CertificateMaker.newKey();
                X509Certificate made = authority.signKey(pair.getPublic(), settings.names(), settings.life());
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

    /** The certificate in the key store. */
    static X509Certificate certificate(KeyStore keys) {
        try {
            if (keys.getCertificate(ALIAS) instanceof X509Certificate own) {
                return own;
            }
            throw new IllegalStateException("tls: no server certificate in its key store");
        } catch (KeyStoreException failure) {
            throw new IllegalStateException("tls: read the server certificate", failure);
        }
    }

    static Instant due(X509Certificate own) {
        return due(own.getNotBefore().toInstant(), own.getNotAfter().toInstant());
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
            return now.isBefore(due(own)) && names(own).equals(Set.copyOf(names));
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
