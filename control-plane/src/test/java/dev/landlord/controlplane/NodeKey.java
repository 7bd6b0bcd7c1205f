package dev.landlord.controlplane;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A key as an agent makes it, and connections that show its certificate. */
public final class NodeKey {
    private final KeyPair keys;

    public NodeKey() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new IOException("make a key", failure);
        }
    }

    /** PKCS#10 in PEM; it wishes for names that nobody may wish for. */
    public String request() throws IOException {
        try (StringWriter text = new StringWriter();
                JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(new JcaPKCS10CertificationRequestBuilder(
                            new X500Principal("CN=operator,O=landlord"), keys.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            pem.flush();
            return text.toString();
        } catch (OperatorCreationException failure) {
            throw new IOException("make a certificate request", failure);
        }
    }

    /** A client that shows the certificate, and trusts the authority behind it. */
    public HttpClient client(String chainPem) throws IOException {
        try {
            List<X509Certificate> chain = certificates(chainPem);
            KeyStore own = empty();
            own.setKeyEntry("node", keys.getPrivate(), new char[0], chain.toArray(Certificate[]::new));
            KeyManagerFactory shows = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            shows.init(own, new char[0]);
            KeyStore trusted = empty();
            trusted.setCertificateEntry("ca", chain.getLast());
            TrustManagerFactory trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusts.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shows.getKeyManagers(), trusts.getTrustManagers(), null);
            return HttpClient.newBuilder()
                    .sslContext(context)
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
        } catch (GeneralSecurityException failure) {
            throw new IOException("show a certificate", failure);
        }
    }

    public static List<X509Certificate> certificates(String pem) throws IOException {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (GeneralSecurityException failure) {
            throw new IOException("read certificates", failure);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
