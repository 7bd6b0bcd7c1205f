package dev.landlord.controlplane.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
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
class EventsTest {
    private static final TenantName ALICE = new TenantName("alice");
    private static final TenantName EVE = new TenantName("eve");

    @TempDir
    Path folder;

    private final StoreKind kind;

    private Database database;
    private final Events events = new Events(() -> Instant.ofEpochMilli(1234));

    EventsTest(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open(TestStores stores) {
        database = Database.open(stores.place(kind, folder, "events"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void showsTheNewestOldestFirstAndGoesOnFromThere() {
        append(ALICE, 5);
        EventPage newest = page(ALICE, null, null, 2);
        assertThat(newest.items()).extracting(EventView::message).containsExactly("4", "5");
        assertThat(newest.items().getFirst().at()).isEqualTo(1234);
        append(ALICE, 1);
        EventPage more = page(ALICE, null, newest.next(), 10);
        assertThat(more.items()).extracting(EventView::message).containsExactly("1");
        EventPage none = page(ALICE, null, more.next(), 10);
        assertThat(none.items()).isEmpty();
        assertThat(none.next()).isEqualTo(more.next());
    }

    @Test
    void keepsTheHistoriesOfTenantsApart() {
        append(ALICE, 2);
        append(EVE, 1);
        database.write(writer -> {
            events.append(writer, EventRecord.ofSystem("started", "s"));
            events.append(writer, EventRecord.ofWorkload("w", ALICE, new WorkloadName("shop"), "of the shop"));
            return 0;
        });
        assertThat(page(ALICE, null, null, 10).items()).hasSize(3);
        assertThat(page(ALICE, new WorkloadName("shop"), null, 10).items())
                .extracting(EventView::message)
                .containsExactly("of the shop");
        assertThat(page(null, null, null, 10).items()).hasSize(5);
    }

    @Test
    void boundsEachHistoryAndLetsNoTenantPushOutAnothers() {
        append(ALICE, 3);
        append(EVE, 5 * Events.KEPT_PER_SCOPE);
        assertThat(count("eve")).isBetween((long) Events.KEPT_PER_SCOPE, Events.KEPT_PER_SCOPE + 100L);
        assertThat(page(EVE, null, null, 1).items().getFirst().message()).isEqualTo("" + 5 * Events.KEPT_PER_SCOPE);
        assertThat(count("alice")).isEqualTo(3);
    }

    @Test
    void boundsTheHistoryOverRestartsToo() {
        append(EVE, 2 * Events.KEPT_PER_SCOPE);
        for (int restart = 0; restart < 30; restart++) {
            Events restarted = new Events(() -> Instant.ofEpochMilli(1));
            database.write(writer -> {
                for (int index = 0; index < 50; index++) {
                    restarted.append(writer, EventRecord.ofTenant("k", EVE, "m"));
                }
                return 0;
            });
        }
        assertThat(count("eve")).isLessThanOrEqualTo(Events.KEPT_PER_SCOPE + 100L);
    }

    @Test
    void cutsAMessageThatIsTooLong() {
        database.write(writer -> {
            events.append(writer, EventRecord.ofTenant("k", EVE, "x".repeat(5000)));
            return 0;
        });
        assertThat(page(EVE, null, null, 1).items().getFirst().message()).hasSize(1000);
    }

    private void append(TenantName tenant, int count) {
        database.write(writer -> {
            for (int index = 1; index <= count; index++) {
                events.append(writer, EventRecord.ofTenant("k", tenant, "" + index));
            }
            return 0;
        });
    }

    private EventPage page(
            @Nullable TenantName tenant, @Nullable WorkloadName workload, @Nullable Long after, int limit) {
        return database.read(reader -> events.page(reader, EventQuery.of(tenant, workload, after, limit)));
    }

    private long count(String scope) {
        return database.read(reader -> reader.sql("SELECT count(*) FROM event WHERE scope = ?")
                .param(scope)
                .query(Long.class)
                .single());
    }
}
