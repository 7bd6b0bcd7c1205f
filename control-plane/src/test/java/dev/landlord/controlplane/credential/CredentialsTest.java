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
        credentials = new Credentials(database, Instant::now);
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
            assertThat(credentials.authenticate(token)).contains(identity);
            assertThat(credentials.authenticate(token)).contains(identity);
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
        assertThat(credentials.authenticate(first)).contains(ALICE);
        assertThat(credentials.authenticate(bobs)).contains(BOB);
        revoke(ALICE);
        assertThat(credentials.authenticate(first)).isEmpty();
        assertThat(credentials.authenticate(second)).isEmpty();
        assertThat(credentials.authenticate(bobs)).contains(BOB);
    }

    @Test
    void keepsATokenWhoseRevocationWasTakenBack() {
        String token = issue(ALICE);
        assertThat(credentials.authenticate(token)).contains(ALICE);
        assertThatThrownBy(() -> database.write(writer -> {
                    credentials.revoke(writer, ALICE);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(credentials.authenticate(token)).contains(ALICE);
    }

    @Test
    void doesNotRememberWhatWasReadBeforeARevocationAndArrivesAfterIt() {
        IdentityCache cache = new IdentityCache();
        AtomicInteger loads = new AtomicInteger();
        cache.get("digest", digest -> {
            loads.incrementAndGet();
            // The revocation commits while this load has read the older state.
            cache.revoking();
            cache.dropIfRevoked();
            return Optional.of(ALICE);
        });
        assertThat(cache.get("digest", digest -> Optional.empty())).isEmpty();
        assertThat(loads).hasValue(1);
    }

    @Test
    void remembersOnlyTheKnown() {
        IdentityCache cache = new IdentityCache();
        assertThat(cache.get("a", digest -> Optional.empty())).isEmpty();
        assertThat(cache.get("a", digest -> Optional.of(ALICE))).contains(ALICE);
        assertThat(cache.get("a", digest -> Optional.empty())).contains(ALICE);
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
