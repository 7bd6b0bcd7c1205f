package dev.landlord.controlplane.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.NodeName;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private CertificateAuthority authority;

    @BeforeEach
    void open() {
        authority = CertificateAuthority.open(folder, () -> NOW);
    }

    @Test
    void isMadeOnceAndKept() throws Exception {
        String pem = authority.pem();
        assertThat(CertificateAuthority.open(folder, () -> NOW).pem()).isEqualTo(pem);
        assertThat(Files.readString(folder.resolve("ca.crt"))).isEqualTo(pem);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca.key"))))
                .isEqualTo("rw-------");
        byte[] der = CertificateAuthority.readCertificate(pem).getEncoded();
        assertThat(authority.sha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(der)));
    }

    @Test
    void isReadFromFilesThatAreKeptElsewhere() {
        CertificateAuthority read =
                CertificateAuthority.read(folder.resolve("ca.crt"), folder.resolve("ca.key"), () -> NOW);
        assertThat(read.sha256()).isEqualTo(authority.sha256());
    }

    @Test
    void filesThatAreNotAnAuthorityWithItsKeyAreRefused() throws Exception {
        Path certificate = folder.resolve("ca.crt");
        Path other = Files.createDirectory(folder.resolve("other"));
        CertificateAuthority.open(other, () -> NOW);
        assertThatThrownBy(() -> CertificateAuthority.read(certificate, other.resolve("ca.key"), () -> NOW))
                .hasMessageContaining("is not the key of");
        KeyPair pair = CertificateMaker.newKey();
        Path leaf = folder.resolve("leaf.crt");
        Files.writeString(leaf, authority.sign(request(pair, pair), List.of("n1")));
        assertThatThrownBy(() -> CertificateAuthority.read(leaf, folder.resolve("ca.key"), () -> NOW))
                .hasMessageContaining("is not of a certificate authority");
        assertThatThrownBy(() -> CertificateAuthority.read(certificate, certificate, () -> NOW))
                .hasMessageContaining("must be a certificate and an EC key");
    }

    @Test
    void signsTheKeyOfARequestForTheNamesThatItIsTold() throws Exception {
        KeyPair pair = CertificateMaker.newKey();
        String chain = authority.sign(request(pair, pair), List.of("n1", "10.0.0.7"));
        X509Certificate signed = CertificateAuthority.readCertificate(chain);
        signed.verify(authority.certificate().getPublicKey());
        assertThat(signed.getPublicKey()).isEqualTo(pair.getPublic());
        assertThat(signed.getSubjectX500Principal().getName()).isEqualTo("CN=n1");
        assertThat(signed.getSubjectAlternativeNames()).containsExactly(List.of(2, "n1"), List.of(7, "10.0.0.7"));
        assertThat(signed.getBasicConstraints()).isEqualTo(-1);
        assertThat(signed.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        signed.checkValidity(java.util.Date.from(NOW));
        assertThat(chain).endsWith(authority.pem());
    }

    @Test
    void signsForExactlyTheNodeThatItIsTold() throws Exception {
        KeyPair pair = CertificateMaker.newKey();
        NodeSubject subject = new NodeSubject(new NodeName("n1"), "0123456789abcdef".repeat(2));
        IssuedCertificate issued = authority.signNode(request(pair, pair), subject, Duration.ofDays(30));
        X509Certificate signed = CertificateAuthority.readCertificate(issued.chain());
        signed.verify(authority.certificate().getPublicKey());
        assertThat(signed.getPublicKey()).isEqualTo(pair.getPublic());
        assertThat(signed.getSubjectX500Principal().getName()).isEqualTo("CN=n1");
        assertThat(NodeSubject.of(signed)).contains(subject);
        assertThat(signed.getBasicConstraints()).isEqualTo(-1);
        assertThat(signed.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(signed.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(30)));
        assertThat(issued.expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(30)).toEpochMilli());
        X509Certificate server =
                CertificateAuthority.readCertificate(authority.sign(request(pair, pair), List.of(subject.uri())));
        assertThat(NodeSubject.of(server)).isEmpty();
        assertThat(NodeSubject.of(authority.certificate())).isEmpty();
    }

    /** Its holder renews it by a share of its life, which must not be over when it begins. */
    @Test
    void shortCertificateBeginsOnlyALittleBeforeItsTime() throws Exception {
        KeyPair pair = CertificateMaker.newKey();
        NodeSubject subject = new NodeSubject(new NodeName("n1"), "0".repeat(32));
        X509Certificate signed = CertificateAuthority.readCertificate(authority
                .signNode(request(pair, pair), subject, Duration.ofSeconds(20))
                .chain());
        assertThat(signed.getNotBefore().toInstant()).isEqualTo(NOW.minusSeconds(2));
        assertThat(signed.getNotAfter().toInstant()).isEqualTo(NOW.plusSeconds(20));
    }

    @Test
    void refusesKeysOfOtherKinds() throws Exception {
        KeyPairGenerator curves = KeyPairGenerator.getInstance("EC");
        curves.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPair large = curves.generateKeyPair();
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=x"), rsa.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(rsa.getPrivate()))
                .getEncoded();
        for (String request :
                List.of(request(large, large), Pem.certificate(der).replace(" CERTIFICATE", " CERTIFICATE REQUEST"))) {
            assertThatThrownBy(() -> authority.sign(request, List.of("n1")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("must be for an EC key on the curve P-256");
        }
    }

    @Test
    void refusesARequestThatDoesNotProveToHoldItsKey() throws Exception {
        KeyPair stolen = CertificateMaker.newKey();
        KeyPair own = CertificateMaker.newKey();
        assertThatThrownBy(() -> authority.sign(request(stolen, own), List.of("n1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be signed with the key that it is for");
        NodeSubject subject = new NodeSubject(new NodeName("n1"), "0".repeat(32));
        assertThatThrownBy(() -> authority.signNode(request(stolen, own), subject, Duration.ofDays(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be signed with the key that it is for");
    }

    @Test
    void refusesWhatIsNoRequest() {
        for (String text : new String[] {
            "",
            "x",
            authority.pem(),
            "A".repeat(20_000),
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
            "-----BEGIN CERTIFICATE REQUEST-----\n\n-----END CERTIFICATE REQUEST-----\n"
        }) {
            assertThatThrownBy(() -> authority.sign(text, List.of("n1")))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("must ");
        }
    }

    @Test
    void refusesADamagedAuthorityInsteadOfMakingAnother() throws Exception {
        Files.writeString(folder.resolve("ca.crt"), "damaged");
        assertThatThrownBy(() -> CertificateAuthority.open(folder, () -> NOW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not readable");
        assertThat(folder.resolve("ca.crt")).hasContent("damaged");
    }

    @Test
    void showsTheSameServerCertificateUntilItNoLongerFits() throws Exception {
        X509Certificate first = server(authority, List.of("localhost", "127.0.0.1"), NOW);
        assertThat(server(authority, List.of("127.0.0.1", "localhost"), NOW)).isEqualTo(first);
        assertThat(server(authority, List.of("localhost"), NOW)).isNotEqualTo(first);
        X509Certificate second = server(authority, List.of("localhost"), NOW);
        Instant nearTheEnd = NOW.plus(CertificateMaker.SERVER_LIFE).minus(Duration.ofDays(30));
        assertThat(server(authority, List.of("localhost"), nearTheEnd)).isNotEqualTo(second);
    }

    @Test
    void makesANewServerCertificateWhenItsOwnIsOfAnotherAuthority(@TempDir Path elsewhere) throws Exception {
        X509Certificate first = server(authority, List.of("localhost"), NOW);
        CertificateAuthority other = CertificateAuthority.open(elsewhere, () -> NOW);
        X509Certificate second = server(other, List.of("localhost"), NOW);
        assertThat(second).isNotEqualTo(first);
        second.verify(other.certificate().getPublicKey());
    }

    private X509Certificate server(CertificateAuthority issuer, List<String> names, Instant now) throws Exception {
        ListenerSettings settings = new ListenerSettings(
                folder, InetAddress.getLoopbackAddress(), names, CertificateMaker.SERVER_LIFE, Map.of());
        KeyStore store = ServerKeys.load(settings, issuer, now);
        return (X509Certificate) Objects.requireNonNull(store.getCertificate(ServerKeys.ALIAS));
    }

    private static String request(KeyPair subject, KeyPair signer) throws Exception {
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=x"), subject.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
                .getEncoded();
        return Pem.certificate(der).replace(" CERTIFICATE", " CERTIFICATE REQUEST");
    }
}
