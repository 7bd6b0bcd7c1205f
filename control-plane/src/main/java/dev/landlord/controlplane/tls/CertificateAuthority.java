package dev.landlord.controlplane.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;

/** The installation's own certificate authority, kept in {@code ca.crt} and {@code ca.key}. Thread-safe. */
public final class CertificateAuthority {
    private final X509Certificate certificate;
    private final PrivateKey key;
    private final InstantSource clock;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key, InstantSource clock) {
        this.certificate = certificate;
        this.key = key;
        this.clock = clock;
    }

    /** Reads the authority from the folder; makes it there if there is none. */
    public static CertificateAuthority open(Path folder, InstantSource clock) {
        Path certificateFile = folder.resolve("ca.crt");
        Path keyFile = folder.resolve("ca.key");
        try {
            if (!Files.exists(certificateFile)) {
                make(certificateFile, keyFile, clock);
            }
            return new CertificateAuthority(
                    readCertificate(Files.readString(certificateFile)), readKey(Files.readString(keyFile)), clock);
        } catch (IOException failure) {
            throw new UncheckedIOException("tls: certificate authority in " + folder, failure);
        } catch (GeneralSecurityException | IllegalArgumentException failure) {
            throw new IllegalStateException("tls: certificate authority in " + folder + " is not readable", failure);
        }
    }

    /**
     * Reads an authority from files that are made and kept elsewhere.
     *
     * @throws IllegalStateException naming the file, if it is not one, or the key is not the certificate's
     */
    public static CertificateAuthority read(Path certificateFile, Path keyFile, InstantSource clock) {
        try {
            X509Certificate certificate = readCertificate(Files.readString(certificateFile));
            PrivateKey key = readKey(Files.readString(keyFile));
            if (certificate.getBasicConstraints() < 0) {
                throw new IllegalStateException("tls: " + certificateFile + " is not of a certificate authority");
            }
            if (!belongs(key, certificate)) {
                throw new IllegalStateException("tls: " + keyFile + " is not the key of " + certificateFile);
            }
            return new CertificateAuthority(certificate, key, clock);
        } catch (IOException failure) {
            throw new UncheckedIOException("tls: read " + certificateFile + " and " + keyFile, failure);
        } catch (GeneralSecurityException | IllegalArgumentException failure) {
            throw new IllegalStateException(
                    "tls: " + certificateFile + " and " + keyFile
                            + " must be a certificate and an EC key in PKCS#8, both PEM",
                    failure);
        }
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        byte[] probe = certificate.getEncoded();
        Signature signing = Signature.getInstance("SHA256withECDSA");
        signing.initSign(key);
        signing.update(probe);
        byte[] signature = signing.sign();
        Signature checking = Signature.getInstance("SHA256withECDSA");
        checking.initVerify(certificate.getPublicKey());
        checking.update(probe);
        return checking.verify(signature);
    }

    /**
     * Signs the key of a request for use by a server.
     *
     * @param pkcs10Pem only its key is taken, which it must prove to hold
     * @param subjectAltNames host names and IP addresses, one at least; the first is the common name
     * @return PEM, the new certificate first, then the authority's
     * @throws IllegalArgumentException naming the rule, if the request is not one
     */
    public String sign(String pkcs10Pem, List<String> subjectAltNames) {
        PublicKey requested = CertificateMaker.requestedKey(pkcs10Pem);
        return chain(signKey(requested, subjectAltNames, CertificateMaker.SERVER_LIFE));
    }

    /**
     * Signs the key of a request for a node to show.
     *
     * @param pkcs10Pem only its key is taken, which it must prove to hold
     * @param life from now on
     * @throws IllegalArgumentException naming the rule, if the request is not one
     */
    public IssuedCertificate signNode(String pkcs10Pem, NodeSubject subject, Duration life) {
        PublicKey requested = CertificateMaker.requestedKey(pkcs10Pem);
        try {
            X509Certificate made = CertificateMaker.node(certificate, key, requested, subject, clock.instant(), life);
            return new IssuedCertificate(
                    chain(made), made.getNotAfter().toInstant().toEpochMilli());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("tls: sign a certificate for node " + subject.node(), failure);
        }
    }

    /** When the authority itself ends, epoch milliseconds. */
    public long expiresAt() {
        return certificate.getNotAfter().toInstant().toEpochMilli();
    }

    /** Lower-case hex of the SHA-256 of the authority's certificate in DER, for join tokens. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a certificate that was read has a digest", impossible);
        }
    }

    /** The authority's certificate, PEM. */
    public String pem() {
        return chain();
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** Trusts what this authority has signed. */
    KeyStore trustStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", certificate);
            return store;
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException("a store in memory takes a certificate", impossible);
        }
    }

    /** @param life from now on */
    X509Certificate signKey(PublicKey subject, List<String> names, Duration life) {
        try {
            return CertificateMaker.server(certificate, key, subject, names, clock.instant(), life);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("tls: sign a certificate for " + names, failure);
        }
    }

    private String chain(X509Certificate... leaves) {
        StringBuilder pem = new StringBuilder();
        try {
            for (X509Certificate leaf : leaves) {
                pem.append(Pem.certificate(leaf.getEncoded()));
            }
            return pem.append(Pem.certificate(certificate.getEncoded())).toString();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a certificate that was made has an encoding", impossible);
        }
    }

    private static void make(Path certificateFile, Path keyFile, InstantSource clock)
            throws IOException, GeneralSecurityException {
        KeyPair pair = CertificateMaker.newKey();
        X509Certificate made = CertificateMaker.authority(pair, clock.instant());
        // The key first: a certificate that is there promises a key, also after a crash between the two.
        PrivateFiles.writeSecret(keyFile, Pem.key(pair.getPrivate().getEncoded()));
        PrivateFiles.writePublic(certificateFile, Pem.certificate(made.getEncoded()));
    }

    static X509Certificate readCertificate(String pem) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Pem.certificateBytes(pem)));
    }

    static PrivateKey readKey(String pem) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Pem.keyBytes(pem)));
    }
}
