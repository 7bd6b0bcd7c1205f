package dev.landlord.agent.identity;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The key of a node and what the control plane says of it.
 *
 * @param chain its own certificate first
 */
public record NodeIdentity(PrivateKey key, List<X509Certificate> chain) {
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    private static final String PROBE_SIGNATURE = "SHA256withECDSA";

    public NodeIdentity {
        chain = List.copyOf(chain);
    }

    /**
     * Reads a key and the chain of its certificate from one text, key first.
     *
     * @param authority that must have signed it
     * @throws GeneralSecurityException saying what is wrong, if they do not belong together
     */
    public static NodeIdentity parse(String pem, X509Certificate authority) throws GeneralSecurityException {
        int from = pem.indexOf(KEY_BEGIN);
        int to = pem.indexOf(KEY_END);
        if (from < 0 || to < from) {
            throw new GeneralSecurityException("there is no private key in it");
        }
        try {
            byte[] pkcs8 = Base64.getMimeDecoder().decode(pem.substring(from + KEY_BEGIN.length(), to));
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            NodeIdentity read = new NodeIdentity(key, certificates(pem.substring(to + KEY_END.length())));
            read.requireWhole(authority);
            return read;
        } catch (IllegalArgumentException notBase64) {
            throw new GeneralSecurityException("the private key in it is not base64", notBase64);
        }
    }

    private static List<X509Certificate> certificates(String pem) throws CertificateException {
        List<X509Certificate> chain = new ArrayList<>();
        byte[] bytes = pem.strip().getBytes(StandardCharsets.US_ASCII);
        for (Certificate each :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
            chain.add((X509Certificate) each);
        }
        if (chain.isEmpty()) {
            throw new CertificateException("there is no certificate in it");
        }
        return chain;
    }

    private void requireWhole(X509Certificate authority) throws GeneralSecurityException {
        certificate().verify(authority.getPublicKey());
        byte[] probe = certificate().getEncoded();
        Signature signing = Signature.getInstance(PROBE_SIGNATURE);
        signing.initSign(key);
        signing.update(probe);
        Signature checking = Signature.getInstance(PROBE_SIGNATURE);
        checking.initVerify(certificate());
        checking.update(probe);
        if (!checking.verify(signing.sign())) {
            throw new GeneralSecurityException("the certificate in it is of another key");
        }
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    public Instant notBefore() {
        return certificate().getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return certificate().getNotAfter().toInstant();
    }

    public boolean isExpired(Instant now) {
        return !now.isBefore(notAfter());
    }

    @Override
    public String toString() {
        return "NodeIdentity[until " + notAfter() + "]";
    }
}
