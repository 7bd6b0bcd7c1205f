package dev.landlord.controlplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import dev.landlord.controlplane.tls.CertificateAuthority;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(StoreKind.class)
@ExtendWith(TestStores.Extension.class)
class JoinTokensTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");

    @TempDir
    Path folder;

    private final StoreKind kind;

    private final ManualClock clock = new ManualClock();
    private Database database;
    private CertificateAuthority authority;
    private JoinTokens tokens;

    JoinTokensTest(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open(TestStores stores) {
        database = Database.open(stores.place(kind, folder, "tokens"));
        authority = CertificateAuthority.open(folder, clock);
        tokens = new JoinTokens(new Credentials(database, clock), authority, clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void isGoodForADayAndNotAMillisecondMore() {
        String token = issue(N1);
        clock.pass(JoinTokens.VALID.toMillis() - 1);
        assertThat(isValid(N1, token)).isTrue();
        clock.pass(1);
        assertThat(isValid(N1, token)).isFalse();
        assertThat(redeem(N1, token)).isFalse();
    }

    @Test
    void isGoodOnceAndForItsOwnNode() {
        String token = issue(N1);
        assertThat(redeem(N2, token)).isFalse();
        assertThat(redeem(N1, token)).isTrue();
        assertThat(redeem(N1, token)).isFalse();
    }

    @Test
    void newOneVoidsTheOneBefore() {
        String first = issue(N1);
        String second = issue(N1);
        assertThat(isValid(N1, first)).isFalse();
        assertThat(isValid(N1, second)).isTrue();
    }

    @Test
    void forgetsWhatHasExpired() {
        issue(N1);
        clock.pass(JoinTokens.VALID.toMillis());
        issue(N2);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void carriesTheAuthorityAndIsStoredAsADigest() {
        String token = issue(N1);
        assertThat(token).endsWith("." + authority.sha256());
        String stored = database.read(reader -> reader.sql("SELECT token_sha256 FROM join_token")
                .query(String.class)
                .single());
        assertThat(stored).isEqualTo(Credentials.sha256(token));
    }

    private String issue(NodeName node) {
        return database.write(writer -> tokens.issue(writer, node));
    }

    private boolean isValid(NodeName node, String token) {
        return database.read(reader -> tokens.isValid(reader, node, token));
    }

    private boolean redeem(NodeName node, String token) {
        return database.write(writer -> tokens.redeem(writer, node, token));
    }

    private long count() {
        return database.read(reader ->
                reader.sql("SELECT count(*) FROM join_token").query(Long.class).single());
    }
}
