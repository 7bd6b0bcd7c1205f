package dev.landlord.controlplane.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** Builds certificates. The only user of BouncyCastle, so that a start that makes none does not load it. */
final class CertificateMaker {
    static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    /** Of the certificate of an agent's listener. */
    static final Duration SERVER_LIFE = Duration.ofDays(825);

    /** Clocks of hosts differ a little; a certificate must be valid at once everywhere. */
    private static final Duration BACKDATED = Duration.ofMinutes(10);

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int REQUEST_MAX = 16 * 1024;

    private static final int KEY_BITS = 256;

    private static final String NO_REQUEST = "must be a PKCS#10 request";

    private CertificateMaker() {}

    static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    static X509Certificate authority(KeyPair key, Instant now) throws GeneralSecurityException {
        // The serial in the name tells the authorities of two installations apart.
        X500Principal name =
                new X500Principal("CN=Landlord CA " + serial().toString(16).substring(0, 8));
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name, serial(), from(now, AUTHORITY_LIFE), until(now, AUTHORITY_LIFE), name, key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key.getPublic()));
            return signed(builder, key.getPrivate());
        } catch (IOException | OperatorCreationException failure) {
            throw new GeneralSecurityException("make a certificate authority", failure);
        }
    }

    static X509Certificate server(
            X509Certificate authority,
            PrivateKey authorityKey,
            PublicKey key,
            List<String> names,
            Instant now,
            Duration life)
            throws GeneralSecurityException {
        Leaf leaf = new Leaf(
                commonName(names.getFirst()),
                alternatives(names),
                KeyPurposeId.id_kp_serverAuth,
                from(now, life),
                until(now, life));
        return leaf.signed(authority, authorityKey, key);
    }

    static X509Certificate node(
            X509Certificate authority,
            PrivateKey authorityKey,
            PublicKey key,
            NodeSubject subject,
            Instant now,
            Duration life)
            throws GeneralSecurityException {
        Leaf leaf = new Leaf(
                commonName(subject.node().value()),
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, subject.uri())),
                KeyPurposeId.id_kp_clientAuth,
                from(now, life),
                until(now, life));
        return leaf.signed(authority, authorityKey, key);
    }

    /** A certificate that signs no others. */
    private record Leaf(String commonName, GeneralNames alternatives, KeyPurposeId purpose, Date from, Date until) {
        X509Certificate signed(X509Certificate authority, PrivateKey authorityKey, PublicKey key)
                throws GeneralSecurityException {
            try {
                JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
                JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        authority, serial(), from, until, new X500Principal("CN=" + commonName), key);
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
                builder.addExtension(Extension.subjectAlternativeName, false, alternatives);
                builder.addExtension(
                        Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(authority));
                builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
                return CertificateMaker.signed(builder, authorityKey);
            } catch (IOException | OperatorCreationException failure) {
                throw new GeneralSecurityException("make a certificate for " + commonName, failure);
            }
        }
    }

    /** The key of a request that proves to hold it; throws {@link IllegalArgumentException} otherwise. */
    static PublicKey requestedKey(String pkcs10Pem) {
        if (pkcs10Pem.length() > REQUEST_MAX) {
            throw new IllegalArgumentException("must be at most " + REQUEST_MAX + " characters of PEM");
        }
        try {
            return provenKey(new JcaPKCS10CertificationRequest(Pem.decode("CERTIFICATE REQUEST", pkcs10Pem)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException failure) {
            throw new IllegalArgumentException(NO_REQUEST, failure);
        } catch (ClassCastException | NullPointerException | IllegalStateException malformed) {
            // What the parser throws at bytes that are ASN.1 of another shape.
            throw new IllegalArgumentException(NO_REQUEST, malformed);
        }
    }

    private static PublicKey provenKey(JcaPKCS10CertificationRequest request)
            throws GeneralSecurityException, OperatorCreationException, PKCSException {
        PublicKey key = request.getPublicKey();
        if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
            throw new IllegalArgumentException("must be signed with the key that it is for");
        }
        if (!(key instanceof ECPublicKey curve)
                || curve.getParams().getCurve().getField().getFieldSize() != KEY_BITS) {
            throw new IllegalArgumentException("must be for an EC key on the curve P-256");
        }
        return key;
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static GeneralNames alternatives(List<String> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(
                        ADDRESS.matcher(name).matches() ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    /** Clients look at the alternative names; this is for people, and must not be able to add attributes. */
    private static String commonName(String name) {
        return name.replaceAll("[^A-Za-z0-9.:-]", "-");
    }

    private static BigInteger serial() {
        return new BigInteger(127, new SecureRandom()).setBit(120);
    }

    /** Less than usual before now for a short life: its holder renews it by a share of the whole. */
    private static Date from(Instant now, Duration life) {
        Duration tenth = life.dividedBy(10);
        return Date.from(now.minus(tenth.compareTo(BACKDATED) < 0 ? tenth : BACKDATED));
    }

    private static Date until(Instant now, Duration life) {
        return Date.from(now.plus(life));
    }
}
