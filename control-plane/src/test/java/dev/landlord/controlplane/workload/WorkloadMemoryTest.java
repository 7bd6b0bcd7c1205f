package dev.landlord.controlplane.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.controlplane.allocation.Samples;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.revision.Precondition;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import dev.landlord.controlplane.tenant.Tenants;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read again and what is not. */
@ParameterizedClass
@EnumSource(StoreKind.class)
@ExtendWith(TestStores.Extension.class)
class WorkloadMemoryTest {
    private static final TenantName ALICE = new TenantName("alice");
    private static final WorkloadName SHOP = new WorkloadName("shop");
    private static final WorkloadName MAIL = new WorkloadName("mail");

    @TempDir
    Path folder;

    private final StoreKind kind;
    private Database database;
    private Workloads workloads;
    private long millis = 1_000_000;

    WorkloadMemoryTest(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open(TestStores stores) {
        database = Database.open(stores.place(kind, folder, "memory"));
        workloads =
                new Workloads(new Tenants(Instant::now), new Events(Instant::now), () -> Instant.ofEpochMilli(millis));
        change("INSERT INTO plan (name, cpu_millis, cpu_weight, memory_bytes, pids, disk_bytes, inodes, priority,"
                + " trust_class) VALUES ('p', 10000, 1, 1073741824, 1000, 67108864, 16384, 1, 'x')");
        change("INSERT INTO tenant (name, plan, state, created_at) VALUES ('alice', 'p', 'ACTIVE', 0)");
        put(MAIL, 1, "mail");
        put(SHOP, 1, "shop");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void readsAgainWhatHasChangedAndNothingElse() {
        List<WorkloadRecord> before = all();
        put(SHOP, 2, "shop");
        WorkloadRecord changed = all().getLast();
        assertThat(changed.spec()).isEqualTo(Samples.spec(2, "shop"));
        database.write(writer -> workloads.restart(writer, ALICE, SHOP));
        assertThat(all().getLast().restartCounter()).isEqualTo(1);
        database.write(writer -> workloads.delete(writer, ALICE, SHOP, Precondition.NONE));
        assertThat(all().getLast().deleting()).isTrue();
        assertThat(all()).containsExactlyElementsOf(listed());
        assertThat(all().getFirst()).as("of the other nothing was read").isSameAs(before.getFirst());
    }

    @Test
    void forgetsWhatIsGoneAndReadsWhatIsMadeAgain() {
        all();
        change("DELETE FROM workload WHERE name = 'shop'");
        assertThat(all()).extracting(WorkloadRecord::name).containsExactly(MAIL);
        put(SHOP, 3, "another");
        assertThat(all()).containsExactlyElementsOf(listed());
    }

    /** As after the failover of a database that lost its last commits. */
    @Test
    void readsARowThatHasGoneBackInTime() {
        WorkloadRecord first = all().getLast();
        put(SHOP, 2, "lost");
        all();
        change("UPDATE workload SET spec = '" + SpecJson.write(first.spec()) + "', revision = " + first.revision()
                + " WHERE name = 'shop'");
        assertThat(all()).containsExactlyElementsOf(listed());
        assertThat(all().getLast().spec()).isEqualTo(Samples.spec(1, "shop"));
    }

    /** And when something else got the number of what was lost, or the clock of this host was set back. */
    @Test
    void believesANumberForAWhileOnly() {
        WorkloadRecord before = all().getLast();
        change("UPDATE workload SET spec = '" + SpecJson.write(Samples.spec(2, "other")) + "' WHERE name = 'shop'");
        millis += WorkloadMemory.BELIEVED_MILLIS - 1;
        assertThat(all().getLast()).isSameAs(before);
        millis++;
        assertThat(all()).containsExactlyElementsOf(listed());
        WorkloadRecord after = all().getLast();
        millis -= 1;
        assertThat(all().getLast()).isEqualTo(after).isNotSameAs(after);
    }

    private List<WorkloadRecord> all() {
        return database.read(workloads::all);
    }

    /** Read without memory. */
    private List<WorkloadRecord> listed() {
        return database.read(reader -> workloads.of(reader, ALICE));
    }

    private void put(WorkloadName name, int replicas, String command) {
        database.write(
                writer -> workloads.put(writer, ALICE, name, Samples.spec(replicas, command), Precondition.NONE));
    }

    private void change(String sql) {
        assertThat(database.<Integer>write(writer -> writer.sql(sql).update())).isPositive();
    }
}
