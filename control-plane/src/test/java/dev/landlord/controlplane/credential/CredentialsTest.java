package dev.landlord.controlplane.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
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
class CredentialsTest {
    private static final Identity ALICE = new Identity.Tenant(new TenantName("alice"));
    private static final Identity BOB = new Identity.Tenant(new TenantName("bob"));

    private static final Holder HOLDER = new Holder(ALICE, "id", Scope.READ_WRITE, Holder.NEVER);

    private Instant now = Instant.ofEpochMilli(1000);

    @TempDir
    Path folder;

    private final StoreKind kind;

    private Database database;
    private Credentials credentials;

    CredentialsTest(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open(TestStores stores) {
        database = Database.open(stores.place(kind, folder, "credentials"));
        credentials = new Credentials(database, () -> now);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void knowsTheHolderOfEachKindOfToken() {
        for (Identity identity : new Identity[] {
            ALICE,
            BOB,
            new Identity.Operator(),
            new Identity.Scraper(),
            new Identity.Joiner(),
            new Identity.Node(new NodeName("alice"))
        }) {
            String token = issue(identity);
            assertThat(token).matches("ll_[A-Za-z0-9_-]{43}");
            assertThat(holderOf(token)).contains(identity);
            assertThat(holderOf(token)).contains(identity);
        }
    }

    @Test
    void storesNoToken() {
        String token = issue(ALICE);
        String stored = database.read(reader -> reader.sql("SELECT token_sha256 FROM credential")
                .query(String.class)
                .single());
        assertThat(stored).isEqualTo(Credentials.sha256(token)).matches("[0-9a-f]{64}");
        assertThat(database.<Optional<String>>read(reader -> credentials.digest(reader, ALICE)))
                .contains(stored);
    }

    @Test
    void refusesWhatIsNoToken() {
        issue(ALICE);
        for (String wrong : new String[] {"", "ll_", "ll_" + "A".repeat(43), "x".repeat(100_000), "ll_' OR '1'='1"}) {
            assertThat(credentials.authenticate(wrong)).isEmpty();
        }
    }

    @Test
    void voidsAllTokensOfTheRevokedAndNoOthers() {
        String first = issue(ALICE);
        String second = issue(ALICE);
        String bobs = issue(BOB);
        assertThat(holderOf(first)).contains(ALICE);
        assertThat(holderOf(bobs)).contains(BOB);
        revoke(ALICE);
        assertThat(credentials.authenticate(first)).isEmpty();
        assertThat(credentials.authenticate(second)).isEmpty();
        assertThat(holderOf(bobs)).contains(BOB);
    }

    @Test
    void keepsATokenWhoseRevocationWasTakenBack() {
        String token = issue(ALICE);
        assertThat(holderOf(token)).contains(ALICE);
        assertThatThrownBy(() -> database.write(writer -> {
                    credentials.revoke(writer, ALICE);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(holderOf(token)).contains(ALICE);
    }

    @Test
    void doesNotRememberWhatWasReadBeforeARevocationAndArrivesAfterIt() {
        IdentityCache cache = new IdentityCache();
        AtomicInteger loads = new AtomicInteger();
        cache.get("digest", holder -> true, digest -> {
            loads.incrementAndGet();
            // The revocation commits while this load has read the older state.
            cache.revoking();
            cache.dropIfRevoked();
            return Optional.of(HOLDER);
        });
        assertThat(cache.get("digest", holder -> true, digest -> Optional.empty()))
                .isEmpty();
        assertThat(loads).hasValue(1);
    }

    @Test
    void remembersOnlyTheKnown() {
        IdentityCache cache = new IdentityCache();
        assertThat(cache.get("a", holder -> true, digest -> Optional.empty())).isEmpty();
        assertThat(cache.knows("a")).isFalse();
        assertThat(cache.get("a", holder -> true, digest -> Optional.of(HOLDER)))
                .contains(HOLDER);
        assertThat(cache.get("a", holder -> true, digest -> Optional.empty())).contains(HOLDER);
        assertThat(cache.knows("a")).isTrue();
        assertThat(cache.get("a", holder -> false, digest -> Optional.empty())).isEmpty();
        assertThat(cache.knows("a")).as("it is not good any more").isFalse();
    }

    @Test
    void endsATokenAtItsTime() {
        String token = issue(ALICE, "ci", Scope.READ, 5000).orElseThrow();
        now = Instant.ofEpochMilli(4999);
        assertThat(credentials.authenticate(token))
                .contains(new Holder(ALICE, Credentials.id(token), Scope.READ, 5000));
        now = Instant.ofEpochMilli(5000);
        assertThat(credentials.authenticate(token)).isEmpty();
    }

    @Test
    void voidsOneTokenAndNoOther() {
        String kept = issue(ALICE);
        String token = issue(ALICE, "ci", Scope.READ_WRITE, Holder.NEVER).orElseThrow();
        assertThat(holderOf(token)).contains(ALICE);
        assertThat(revoke(BOB, Credentials.id(token))).as("another's").isFalse();
        assertThat(revoke(ALICE, Credentials.id(token))).isTrue();
        assertThat(holderOf(token)).isEmpty();
        assertThat(holderOf(kept)).contains(ALICE);
        assertThat(revoke(ALICE, Credentials.id(token))).isFalse();
    }

    /** Otherwise nobody could ever make another. */
    @Test
    void keepsTheLastTokenByWhichAnOperatorCanChangeAnything() {
        Identity operator = new Identity.Operator();
        String first = issue(operator);
        issue(operator, "look", Scope.READ, Holder.NEVER);
        issue(operator, "soon", Scope.READ_WRITE, Long.MAX_VALUE - 1);
        assertThat(revoke(operator, Credentials.id(first))).isFalse();
        assertThat(holderOf(first)).contains(operator);
        String second = issue(operator, "other", Scope.READ_WRITE, Holder.NEVER).orElseThrow();
        assertThat(revoke(operator, Credentials.id(first))).isTrue();
        assertThat(holderOf(second)).contains(operator);
    }

    @Test
    void boundsTheTokensOfOneAndLetsExpiredOnesMakeRoom() {
        for (int number = 0; number < Credentials.TOKENS_MAX; number++) {
            assertThat(issue(ALICE, "n" + number, Scope.READ, 5000)).isPresent();
        }
        assertThat(issue(ALICE, "more", Scope.READ, 5000)).isEmpty();
        assertThat(issue(BOB, "more", Scope.READ, 5000)).isPresent();
        now = Instant.ofEpochMilli(5000);
        assertThat(issue(ALICE, "more", Scope.READ, Holder.NEVER)).isPresent();
        assertThat(database.<List<TokenRecord>>read(reader -> credentials.tokens(reader, ALICE)))
                .extracting(TokenRecord::name)
                .containsExactly("more");
    }

    private Optional<Identity> holderOf(String token) {
        return credentials.authenticate(token).map(Holder::identity);
    }

    private Optional<String> issue(Identity identity, String name, Scope scope, long expiresAt) {
        return database.write(
                writer -> credentials.issue(writer, identity, name, scope, now.toEpochMilli(), expiresAt));
    }

    private boolean revoke(Identity identity, String id) {
        return database.write(writer -> credentials.revoke(writer, identity, id));
    }

    private String issue(Identity identity) {
        return database.write(writer -> credentials.issue(writer, identity));
    }

    private void revoke(Identity identity) {
        database.write(writer -> {
            credentials.revoke(writer, identity);
            return 0;
        });
    }
}
