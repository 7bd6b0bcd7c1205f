package dev.landlord.controlplane.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.workload.Protocol;
import dev.landlord.api.workload.Resources;
import dev.landlord.controlplane.allocation.PlanCommit.Outcome;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.network.HostPort;
import dev.landlord.controlplane.network.Wiring;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.scheduler.Decision;
import dev.landlord.controlplane.scheduler.Decision.Place;
import dev.landlord.controlplane.scheduler.Decision.Why;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import dev.landlord.controlplane.workload.WorkloadRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans that were made from a state that has changed since. The workload of the samples has two replicas. */
@ParameterizedClass
@EnumSource(StoreKind.class)
@ExtendWith(TestStores.Extension.class)
class PlanCommitTest {
    private static final WorkloadRecord BASIS =
            new WorkloadRecord(Samples.SHOP.tenant(), Samples.SHOP.name(), Samples.spec(2, "sleep"), 1, 0, false, 1);
    private static final WorkloadRecord LARGER = new WorkloadRecord(
            Samples.SHOP.tenant(),
            Samples.SHOP.name(),
            Samples.sized(Samples.spec(2, "sleep"), new Resources(700, 80 * Resources.MIB, 70, Resources.MIB, 1000)),
            2,
            0,
            false,
            2);
    private static final Place FIRST = new Place(Samples.SHOP, 0, Samples.NODE, 1, 0, Wiring.NONE, List.of());
    private static final Place SECOND = new Place(Samples.SHOP, 1, Samples.NODE, 1, 0, Wiring.NONE, List.of());

    @TempDir
    Path folder;

    private final StoreKind kind;

    private final Templates templates = new Templates();
    private final Allocations allocations = new Allocations(templates);
    private final PlanCommit commit = new PlanCommit(templates, allocations, new Events(Instant::now), Instant::now);
    private Database database;

    PlanCommitTest(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open(TestStores stores) {
        database = Database.open(stores.place(kind, folder, "commit"));
        addPlan("p", "x");
        change("INSERT INTO tenant (name, plan, state, created_at) VALUES ('alice', 'p', 'ACTIVE', 0)");
        change("INSERT INTO workload (tenant, name, spec, spec_version, restart_counter, deleting, replicas,"
                + " cpu_millis, memory_bytes, pids, disk_bytes, inodes, created_at)"
                + " VALUES ('alice', 'shop', '{}', 1, 0, 0, 2, 100, 4194304, 1, 65536, 16, 0)");
        change("INSERT INTO node (name, state, joined_at, last_seen_at, generation, desired_sha256)"
                + " VALUES ('n1', 'READY', 0, 0, 0, '')");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void placesEachReplicaOnceHoweverOftenItIsDecided() {
        assertThat(apply(FIRST, SECOND)).isEqualTo(new Outcome(Set.of(Samples.NODE), 2, 0));
        assertThat(apply(FIRST, SECOND)).isEqualTo(new Outcome(Set.of(), 0, 2));
        assertThat(all()).extracting(Allocation::index).containsExactlyInAnyOrder(0, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE workload SET spec_version = 2",
                "UPDATE workload SET deleting = 1",
                "UPDATE workload SET replicas = 0",
                "UPDATE tenant SET state = 'SUSPENDED'",
                "UPDATE node SET state = 'SUSPECT'",
                "UPDATE node SET duty = 'CORDONED'",
                "UPDATE node SET duty = 'DRAINING'",
                "DELETE FROM node",
                "DELETE FROM workload"
            })
    void placesNothingForWhatHasChangedSince(String meanwhile) {
        change(meanwhile);
        assertThat(apply(FIRST)).isEqualTo(new Outcome(Set.of(), 0, 1));
        assertThat(all()).isEmpty();
        assertThat(count("template")).as("templates of nothing").isZero();
        assertThat(count("event")).as("events of what did not happen").isZero();
    }

    @Test
    void placesNothingOfAWorkloadThatTheSnapshotDidNotHave() {
        assertThat(database.<Outcome>write(writer -> commit.apply(writer, List.of(FIRST), Map.of())))
                .isEqualTo(new Outcome(Set.of(), 0, 1));
        assertThat(all()).isEmpty();
    }

    @Test
    void carriesOutWhatStillHoldsOfAPlanThatIsPartlyStale() {
        change("UPDATE workload SET replicas = 1");
        assertThat(apply(SECOND, FIRST)).isEqualTo(new Outcome(Set.of(Samples.NODE), 1, 1));
        assertThat(all()).extracting(Allocation::index).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE workload SET spec_version = 2", "UPDATE workload SET replicas = 3"})
    void stopsNothingThatMayBeWantedAgain(String meanwhile) {
        AllocationId id = placed();
        change(meanwhile);
        assertThat(apply(new Decision.Stop(id, Why.SCALED_DOWN, null)).stale()).isEqualTo(1);
        assertThat(all()).extracting(Allocation::wanted).containsExactly(Wanted.RUNNING);
    }

    @Test
    void stopsWhatIsToGoWhateverElseHasChanged() {
        AllocationId id = placed();
        change("UPDATE workload SET deleting = 1, spec_version = 2");
        Decision stop = new Decision.Stop(id, Why.WORKLOAD_DELETED, null);
        assertThat(apply(stop)).isEqualTo(new Outcome(Set.of(Samples.NODE), 1, 0));
        assertThat(apply(stop)).as("once").isEqualTo(new Outcome(Set.of(), 0, 1));
        assertThat(all()).extracting(Allocation::wanted).containsExactly(Wanted.STOPPED);
    }

    @Test
    void releasesOnlyWhatIsToStopAndHasEnded() {
        AllocationId id = placed();
        Decision release = new Decision.Release(id);
        change("UPDATE allocation SET phase = 'EXITED'");
        assertThat(apply(release).stale()).as("it is wanted").isEqualTo(1);
        change("UPDATE allocation SET wanted = 'STOPPED', phase = 'RUNNING', told_generation = 7");
        assertThat(apply(release).stale()).as("it runs again").isEqualTo(1);
        change("UPDATE allocation SET phase = 'STOPPED'");
        assertThat(apply(release)).isEqualTo(new Outcome(Set.of(Samples.NODE), 1, 0));
        assertThat(all()).extracting(Allocation::toldGeneration).containsOnlyNulls();
    }

    @Test
    void restartsOncePerWish() {
        AllocationId id = placed();
        change("UPDATE allocation SET started_at = 42");
        assertThat(apply(new Decision.Restart(id, 1)).applied()).isEqualTo(1);
        assertThat(apply(new Decision.Restart(id, 1)).stale()).isEqualTo(1);
        assertThat(all()).extracting(Allocation::restartFrom).containsExactly(42L);
        change("UPDATE allocation SET wanted = 'STOPPED'");
        assertThat(apply(new Decision.Restart(id, 2)).stale()).isEqualTo(1);
    }

    @Test
    void forgetsOnlyWhatIsGoneAndItsTemplateWithTheLastOfIt() {
        AllocationId id = placed();
        apply(SECOND);
        assertThat(apply(new Decision.Remove(id)).stale()).isEqualTo(1);
        change("UPDATE allocation SET gone = 1");
        assertThat(apply(new Decision.Remove(id)).applied()).isEqualTo(1);
        assertThat(count("template")).isEqualTo(1);
        assertThat(apply(new Decision.Remove(all().getFirst().id())).applied()).isEqualTo(1);
        assertThat(count("template")).isZero();
    }

    /** A row is a row: until it is forgotten, its node cannot be. */
    @Test
    void nodeHasAnAllocationUntilItIsForgotten() {
        NodeTaken taken = new NodeTaken(allocations, templates);
        AllocationId id = placed();
        change("UPDATE allocation SET gone = 1");
        assertThat(database.<Integer>read(reader -> taken.allocations(reader, Samples.NODE)))
                .isEqualTo(1);
        apply(new Decision.Remove(id));
        assertThat(database.<Integer>read(reader -> taken.allocations(reader, Samples.NODE)))
                .isZero();
    }

    @Test
    void givesAnAddressAndAPortOnce() {
        change("UPDATE node SET subnet_first = 1000, subnet_last = 2023");
        HostPort web = new HostPort(Protocol.TCP, 80);
        assertThat(apply(wired(0, 2, web)).applied()).isEqualTo(1);
        assertThat(all()).extracting(Allocation::address).containsExactly(1002L);
        assertThat(all()).extracting(Allocation::hostPorts).containsExactly(List.of(80));
        assertThat(apply(wired(1, 2)).stale()).as("the address is taken").isEqualTo(1);
        assertThat(apply(wired(1, 3, new HostPort(Protocol.TCP, 81), web)).stale())
                .as("the second port is taken")
                .isEqualTo(1);
        assertThat(count("host_port")).as("the first is given back").isEqualTo(1);
        assertThat(apply(wired(1, 3, new HostPort(Protocol.UDP, 80))).applied()).isEqualTo(1);

        change("UPDATE allocation SET gone = 1");
        all().forEach(allocation -> apply(new Decision.Remove(allocation.id())));
        assertThat(count("host_port")).isZero();
        assertThat(apply(wired(0, 2, web)).applied()).isEqualTo(1);
    }

    @Test
    void givesNoAddressOfANodeThatHasNone() {
        assertThat(apply(wired(0, 2)).stale()).isEqualTo(1);
        assertThat(all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'alice', 'eve'", "'eve', 'alice'"})
    void placesNothingBesideOneThatHasComeToBeAvoided(String pair) {
        change("INSERT INTO tenant (name, plan, state, created_at) VALUES ('eve', 'p', 'ACTIVE', 0)");
        change("INSERT INTO workload (tenant, name, spec, spec_version, restart_counter, deleting, replicas,"
                + " cpu_millis, memory_bytes, pids, disk_bytes, inodes, created_at)"
                + " VALUES ('eve', 'shop', '{}', 1, 0, 0, 2, 100, 4194304, 1, 65536, 16, 0)");
        AllocationId id = placed();
        change("UPDATE allocation SET tenant = 'eve' WHERE id = '" + id + "'");
        change("INSERT INTO tenant_avoids (tenant, avoided) VALUES (" + pair + ")");
        assertThat(apply(FIRST).stale()).isEqualTo(1);
        change("UPDATE allocation SET gone = 1");
        assertThat(apply(FIRST).applied()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void placesNothingBesideOneOfAnotherTrustClass(boolean changesItself) {
        addPlan("other", "y");
        change("INSERT INTO tenant (name, plan, state, created_at) VALUES ('eve', 'p', 'ACTIVE', 0)");
        change("INSERT INTO workload (tenant, name, spec, spec_version, restart_counter, deleting, replicas,"
                + " cpu_millis, memory_bytes, pids, disk_bytes, inodes, created_at)"
                + " VALUES ('eve', 'shop', '{}', 1, 0, 0, 2, 100, 4194304, 1, 65536, 16, 0)");
        AllocationId id = placed();
        change("UPDATE allocation SET tenant = 'eve' WHERE id = '" + id + "'");
        change("UPDATE tenant SET plan = 'other' WHERE name = '" + (changesItself ? "alice" : "eve") + "'");
        assertThat(apply(FIRST).stale()).isEqualTo(1);
        change("UPDATE tenant SET plan = 'other'");
        assertThat(apply(FIRST).applied()).as("they are of one class again").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE allocation SET phase = 'BACKING_OFF' WHERE node = 'n2'",
                "UPDATE allocation SET health = 'UNHEALTHY' WHERE node = 'n2'",
                "UPDATE allocation SET phase = 'EXITED', exit_code = 1 WHERE node = 'n2'",
                "UPDATE allocation SET gone = 1 WHERE node = 'n2'",
                "UPDATE allocation SET wanted = 'STOPPED' WHERE node = 'n2'",
                "UPDATE allocation SET restart_from = started_at WHERE node = 'n2'",
                "UPDATE node SET state = 'SUSPECT' WHERE name = 'n2'",
                "DELETE FROM allocation WHERE node = 'n2'"
            })
    void stopsNothingWhoseReplacementServesNoMore(String meanwhile) {
        AllocationId first = placed();
        change("INSERT INTO node (name, state, joined_at, last_seen_at, generation, desired_sha256)"
                + " VALUES ('n2', 'READY', 0, 0, 0, '')");
        NodeName elsewhere = new NodeName("n2");
        apply(new Place(Samples.SHOP, 0, elsewhere, 1, 0, Wiring.NONE, List.of(first)));
        change("UPDATE allocation SET phase = 'RUNNING', health = 'HEALTHY', started_at = 5 WHERE node = 'n2'");
        AllocationId second = all().stream()
                .filter(allocation -> allocation.node().equals(elsewhere))
                .findFirst()
                .orElseThrow()
                .id();
        Decision stop = new Decision.Stop(first, Why.REPLACED, second);
        change(meanwhile);
        assertThat(apply(stop).stale()).isEqualTo(1);
        change("UPDATE node SET state = 'READY'");
        change(
                "UPDATE allocation SET phase = 'RUNNING', health = NULL, gone = 0, wanted = 'RUNNING', restart_from = NULL");
        assertThat(apply(stop).applied()).isEqualTo(meanwhile.startsWith("DELETE") ? 0 : 1);
    }

    @Test
    void stopsWhatIsFrozenOnlyWhileItsTenantIsSuspended() {
        AllocationId id = placed();
        Decision stop = new Decision.Stop(id, Why.LEAVES_WHILE_SUSPENDED, null);
        assertThat(apply(stop).stale()).isEqualTo(1);
        change("UPDATE tenant SET state = 'SUSPENDED'");
        assertThat(apply(stop).applied()).isEqualTo(1);
    }

    @Test
    void stopsNothingThatIsGone() {
        AllocationId id = placed();
        change("UPDATE allocation SET gone = 1");
        assertThat(apply(new Decision.Stop(id, Why.DUPLICATE, null)).stale()).isEqualTo(1);
    }

    @Test
    void movesAnOldVersionAsItIs() {
        AllocationId old = placed();
        change("UPDATE workload SET spec_version = 2");
        change("INSERT INTO node (name, state, joined_at, last_seen_at, generation, desired_sha256)"
                + " VALUES ('n2', 'READY', 0, 0, 0, '')");
        WorkloadRecord newest = new WorkloadRecord(
                Samples.SHOP.tenant(), Samples.SHOP.name(), Samples.spec(2, "other"), 2, 0, false, 2);
        Place move = new Place(Samples.SHOP, 0, new NodeName("n2"), 1, 0, Wiring.NONE, List.of(old));
        Outcome moved = database.write(writer -> commit.apply(writer, List.of(move), Map.of(Samples.SHOP, newest)));
        assertThat(moved.applied()).isEqualTo(1);
        assertThat(all()).extracting(Allocation::specVersion).containsExactly(1L, 1L);
        assertThat(all())
                .extracting(Allocation::templateDigest)
                .containsOnly(templates.digest(Template.of(BASIS.spec())));
        assertThat(all()).extracting(Allocation::displaced).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void takesThePlaceOfAnotherOrLeavesItAlone() {
        AllocationId first = placed();
        change("INSERT INTO node (name, state, joined_at, last_seen_at, generation, desired_sha256)"
                + " VALUES ('n2', 'READY', 0, 0, 0, '')");
        Place elsewhere = new Place(Samples.SHOP, 0, new NodeName("n2"), 1, 0, Wiring.NONE, List.of(first));
        change("UPDATE node SET state = 'LOST' WHERE name = 'n2'");
        assertThat(apply(elsewhere).stale()).isEqualTo(1);
        assertThat(all()).extracting(Allocation::displaced).containsExactly(false);
        change("UPDATE node SET state = 'READY' WHERE name = 'n2'");
        assertThat(apply(elsewhere).applied()).isEqualTo(1);
        assertThat(apply(elsewhere).stale()).as("its place is taken").isEqualTo(1);
        assertThat(all().stream().filter(Allocation::displaced).map(Allocation::id))
                .containsExactly(first);
    }

    /** With its node's new lease it asks for its set anew: then it must not be in there as one that is to run. */
    @Test
    void takesThePlaceOfOneThatMustBeAloneOnlyWhileItsNodeIsLostAndStopsItAtOnce() {
        WorkloadRecord alone = new WorkloadRecord(
                Samples.SHOP.tenant(), Samples.SHOP.name(), Samples.alone(Samples.spec(2, "sleep")), 1, 0, false, 1);
        Map<WorkloadKey, WorkloadRecord> basis = Map.of(Samples.SHOP, alone);
        assertThat(apply(basis, FIRST).applied()).isEqualTo(1);
        AllocationId first = all().getFirst().id();
        change("INSERT INTO node (name, state, joined_at, last_seen_at, generation, desired_sha256)"
                + " VALUES ('n2', 'READY', 0, 0, 0, '')");
        NodeName other = new NodeName("n2");
        Place elsewhere = new Place(Samples.SHOP, 0, other, 1, 0, Wiring.NONE, List.of(first));
        assertThat(apply(basis, elsewhere).stale()).as("its node is back").isEqualTo(1);
        change("UPDATE node SET state = 'LOST' WHERE name = 'n1'");
        Place nowhere = new Place(Samples.SHOP, 0, Samples.NODE, 1, 0, Wiring.NONE, List.of(first));
        assertThat(apply(basis, nowhere).stale()).isEqualTo(1);
        assertThat(all()).extracting(Allocation::wanted).containsExactly(Wanted.RUNNING);
        assertThat(apply(basis, elsewhere).touched()).containsExactlyInAnyOrder(Samples.NODE, other);
        assertThat(all().stream().filter(Allocation::displaced))
                .extracting(Allocation::id, Allocation::wanted)
                .containsExactly(tuple(first, Wanted.STOPPED));
    }

    @Test
    void countsADisplacedOneAgainOnlyWhenNoOtherCounts() {
        AllocationId first = placed();
        apply(new Place(Samples.SHOP, 0, Samples.NODE, 1, 0, Wiring.NONE, List.of(first)));
        AllocationId second = all().stream()
                .map(Allocation::id)
                .filter(id -> !id.equals(first))
                .findFirst()
                .orElseThrow();
        assertThat(apply(new Decision.Reclaim(first, List.of())).stale()).isEqualTo(1);
        assertThat(apply(new Decision.Reclaim(first, List.of(second))).applied())
                .isEqualTo(1);
        assertThat(all().stream().filter(Allocation::displaced).map(Allocation::id))
                .containsExactly(second);
        change("UPDATE allocation SET gone = 1 WHERE id = '" + first + "'");
        assertThat(apply(new Decision.Reclaim(first, List.of())).stale()).isEqualTo(1);
        assertThat(apply(new Decision.Reclaim(second, List.of())).applied()).isEqualTo(1);
    }

    @Test
    void resizesInPlaceAndKeepsEverythingElse() {
        AllocationId id = placed();
        Allocation before = all().getFirst();
        change("UPDATE workload SET spec_version = 2");
        assertThat(resize(id, LARGER)).isEqualTo(new Outcome(Set.of(Samples.NODE), 1, 0));
        Allocation after = all().getFirst();
        assertThat(after.template().resources()).isEqualTo(LARGER.spec().resources());
        assertThat(after.specVersion()).isEqualTo(2);
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.wanted()).isEqualTo(Wanted.RUNNING);
        assertThat(count("template")).as("the old one has gone").isEqualTo(1);
        assertThat(resize(id, LARGER).applied()).as("again it is the same").isEqualTo(1);
        assertThat(count("template")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE workload SET spec_version = 3",
                "UPDATE workload SET deleting = 1, spec_version = 2",
                "UPDATE allocation SET wanted = 'STOPPED'",
                "UPDATE allocation SET gone = 1",
                "UPDATE allocation SET displaced = 1"
            })
    void resizesNothingOfWhatHasChangedSince(String meanwhile) {
        AllocationId id = placed();
        if (!meanwhile.contains("spec_version")) {
            change("UPDATE workload SET spec_version = 2");
        }
        change(meanwhile);
        assertThat(resize(id, LARGER)).isEqualTo(new Outcome(Set.of(), 0, 1));
        assertThat(all()).extracting(Allocation::specVersion).containsExactly(1L);
        assertThat(count("template")).isEqualTo(1);
    }

    @Test
    void resizesNothingBesideOneOfTheNewVersionNorIntoAnotherProgram() {
        AllocationId id = placed();
        change("UPDATE workload SET spec_version = 2");
        WorkloadRecord other = new WorkloadRecord(
                Samples.SHOP.tenant(), Samples.SHOP.name(), Samples.spec(2, "other"), 2, 0, false, 2);
        assertThat(resize(id, other).stale()).isEqualTo(1);
        Place successor = new Place(Samples.SHOP, 0, Samples.NODE, 2, 0, Wiring.NONE, List.of());
        assertThat(apply(Map.of(Samples.SHOP, LARGER), successor).applied()).isEqualTo(1);
        assertThat(resize(id, LARGER).stale()).isEqualTo(1);
        assertThat(all()).extracting(Allocation::specVersion).containsExactlyInAnyOrder(1L, 2L);
    }

    private Outcome resize(AllocationId id, WorkloadRecord basis) {
        return apply(Map.of(Samples.SHOP, basis), new Decision.Resize(id, 2));
    }

    @Test
    void givesUpANodeWithAllThatItHad() {
        placed();
        database.<Integer>write(writer -> {
            new NodeTaken(allocations, templates).abandon(writer, Samples.NODE);
            return 1;
        });
        assertThat(all()).isEmpty();
        assertThat(count("template")).isZero();
    }

    private static Place wired(int index, int host, HostPort... ports) {
        return new Place(Samples.SHOP, index, Samples.NODE, 1, 0, new Wiring(host, List.of(ports)), List.of());
    }

    private void addPlan(String name, String trustClass) {
        change("INSERT INTO plan (name, cpu_millis, cpu_weight, memory_bytes, pids, disk_bytes, inodes, priority,"
                + " trust_class) VALUES ('" + name + "', 1000, 1, 1073741824, 100, 67108864, 16384, 1, '" + trustClass
                + "')");
    }

    private AllocationId placed() {
        assertThat(apply(FIRST).applied()).isEqualTo(1);
        return all().getFirst().id();
    }

    private Outcome apply(Decision... decisions) {
        return apply(Map.of(Samples.SHOP, BASIS), decisions);
    }

    private Outcome apply(Map<WorkloadKey, WorkloadRecord> basis, Decision... decisions) {
        return database.write(writer -> commit.apply(writer, List.of(decisions), basis));
    }

    private List<Allocation> all() {
        return database.read(allocations::all);
    }

    private long count(String table) {
        return database.read(reader ->
                reader.sql("SELECT count(*) FROM " + table).query(Long.class).single());
    }

    private void change(String sql) {
        assertThat(database.<Integer>write(writer -> writer.sql(sql).update())).isPositive();
    }
}
