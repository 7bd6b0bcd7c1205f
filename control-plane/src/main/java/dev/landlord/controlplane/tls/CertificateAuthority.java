package dev.landlord.controlplane.tls;

import java.util.List;

/** Skeleton: the real one follows. */
public final class CertificateAuthority {
    /**
     * Signs a request.
     *
     * @param pkcs10Pem the request; only its key is taken
     * @param subjectAltNames host names and IP addresses; the first is the common name
     * @return PEM, the new certificate first, then the authority's
     */
    public String sign(String pkcs10Pem, List<String> subjectAltNames) {
        throw new UnsupportedOperationException(pkcs10Pem + subjectAltNames);
    }

    /** Lower-case hex of the digest of the authority's certificate in DER. */
    public String sha256() {
        throw new UnsupportedOperationException();
    }

    /** The authority's certificate. */
    public String pem() {
        throw new UnsupportedOperationException();
    }
}
