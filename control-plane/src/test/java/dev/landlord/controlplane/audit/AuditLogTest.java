package dev.landlord.controlplane.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.audit.AuditEntry.Actor;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

@ParameterizedClass
@EnumSource(StoreKind.class)
@ExtendWith(TestStores.Extension.class)
class AuditLogTest {
    private static final TenantName ALICE = new TenantName("alice");

    @TempDir
    Path folder;

    private final StoreKind kind;
    private Instant now = Instant.ofEpochMilli(1000);
    private Database database;
    private final AuditLog log = new AuditLog(() -> now);

    AuditLogTest(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open(TestStores stores) {
        database = Database.open(stores.place(kind, folder, "audit"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void keepsWhatWasDoneHoweverMuchIsRefused() {
        append(entry("alice", AuditEntry.ACCEPTED), 3);
        append(entry("alice", "forbidden"), 3 * AuditLog.KEPT_REFUSED);
        append(entry(null, "forbidden"), 1);
        assertThat(count("outcome = 'accepted'")).isEqualTo(3);
        assertThat(count("outcome = 'forbidden'"))
                .isBetween((long) AuditLog.KEPT_REFUSED, AuditLog.KEPT_REFUSED + 101L);
        assertThat(page(null, false, null, 1000))
                .last()
                .extracting(AuditEntry::tenant)
                .isNull();
    }

    @Test
    void letsGoWhatIsTooOldOfWhomever() {
        append(entry("bob", AuditEntry.ACCEPTED), 2);
        now = now.plus(AuditLog.KEPT_FOR).plus(Duration.ofMillis(1));
        append(entry("alice", AuditEntry.ACCEPTED), 1);
        assertThat(page(null, false, null, 10)).extracting(AuditEntry::tenant).containsExactly("alice");
    }

    @Test
    void goesOnAfterAnEntry() {
        append(entry("alice", AuditEntry.ACCEPTED), 5);
        List<AuditEntry> newest = page(ALICE, false, null, 2);
        assertThat(newest).extracting(AuditEntry::id).containsExactly(4L, 5L);
        assertThat(page(ALICE, false, 0L, 2)).extracting(AuditEntry::id).containsExactly(1L, 2L);
        assertThat(page(ALICE, false, 5L, 2)).isEmpty();
        assertThat(newest.getFirst())
                .isEqualTo(new AuditEntry(
                        4,
                        1000,
                        "alice",
                        new Actor("operator", null, "0123"),
                        "r1",
                        "PUT",
                        "/p",
                        "accepted",
                        "d",
                        "{\"a\":1}",
                        null));
    }

    @Test
    void showsATenantNothingOfItsNamesake() {
        append(entry("alice", AuditEntry.ACCEPTED), 1);
        now = now.plusMillis(500);
        change("INSERT INTO plan (name, cpu_millis, cpu_weight, memory_bytes, pids, disk_bytes, inodes, priority,"
                + " trust_class) VALUES ('p', 1, 1, 1, 1, 1, 1, 1, 'x')");
        change("INSERT INTO tenant (name, plan, state, created_at) VALUES ('alice', 'p', 'ACTIVE', 1500)");
        append(entry("alice", AuditEntry.ACCEPTED), 1);
        assertThat(page(ALICE, true, null, 10)).extracting(AuditEntry::id).containsExactly(2L);
        assertThat(page(ALICE, false, null, 10)).hasSize(2);
    }

    /** The entry is there if and only if the change is. */
    @Test
    void isWrittenWithTheChangeOrNotAtAll() {
        database.accompanyChanges(() -> Optional.of(writer -> log.append(writer, entry("alice", AuditEntry.ACCEPTED))));
        change("UPDATE event_counter SET last = 7");
        assertThat(count("outcome = 'accepted'")).isEqualTo(1);
        change("UPDATE event_counter SET last = 8 WHERE id = 2");
        assertThat(count("outcome = 'accepted'")).as("nothing was changed").isEqualTo(1);
        assertThatThrownBy(() -> database.write(writer -> {
                    writer.sql("UPDATE event_counter SET last = 9").update();
                    throw new IllegalStateException("refused");
                }))
                .hasMessage("refused");
        assertThat(count("outcome = 'accepted'")).as("it was taken back").isEqualTo(1);
        database.accompanyChanges(() -> Optional.of(AuditLogTest::fail));
        assertThatThrownBy(() -> change("UPDATE event_counter SET last = 10")).hasMessage("no room");
        long last = database.read(reader ->
                reader.sql("SELECT last FROM event_counter").query(Long.class).single());
        assertThat(last).as("no change without its entry").isEqualTo(7);
    }

    private static void fail(JdbcClient unused) {
        throw new IllegalStateException("no room");
    }

    private static AuditEntry entry(@Nullable String tenant, String outcome) {
        return new AuditEntry(
                0, 0, tenant, new Actor("operator", null, "0123"), "r1", "PUT", "/p", outcome, "d", "{\"a\":1}", null);
    }

    private void append(AuditEntry entry, int times) {
        database.writeQuietly(writer -> {
            for (int time = 0; time < times; time++) {
                log.append(writer, entry);
            }
            return true;
        });
    }

    private List<AuditEntry> page(@Nullable TenantName tenant, boolean own, @Nullable Long after, int limit) {
        return database.read(reader -> log.page(reader, new AuditQuery(tenant, own, after, limit)));
    }

    private void change(String sql) {
        database.write(writer -> writer.sql(sql).update());
    }

    private long count(String condition) {
        return database.read(reader -> reader.sql("SELECT count(*) FROM audit WHERE " + condition)
                .query(Long.class)
                .single());
    }
}
