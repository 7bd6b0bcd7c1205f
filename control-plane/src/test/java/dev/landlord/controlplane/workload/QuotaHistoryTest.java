package dev.landlord.controlplane.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import dev.landlord.api.workload.WorkloadKind;
import dev.landlord.api.workload.WorkloadSpec;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.revision.Precondition;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.web.ProblemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Admission without the loops of the control plane, which would take deleted workloads away at once. */
@ParameterizedClass
@EnumSource(StoreKind.class)
@ExtendWith(TestStores.Extension.class)
class QuotaHistoryTest {
    private static final TenantName ALICE = new TenantName("alice");
    private static final WorkloadName A = new WorkloadName("a");
    private static final long MEMORY_MAX = 256 * Resources.MIB;
    private static final int PIDS_MAX = 100;
    private static final long SWAP_MAX = 64 * Resources.MIB;

    @TempDir
    Path folder;

    private final StoreKind kind;

    private Database database;
    private Workloads workloads;

    QuotaHistoryTest(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open(TestStores stores) {
        database = Database.open(stores.place(kind, folder, "quota"));
        workloads = new Workloads(new Tenants(Instant::now), new Events(Instant::now), Instant::now);
        database.write(writer -> {
            writer.sql(
                            "INSERT INTO plan (name, cpu_millis, cpu_weight, memory_bytes, pids, disk_bytes, inodes,"
                                    + " swap_bytes, priority, trust_class) VALUES ('p', 1000, 1, ?, ?, 67108864, 16384, ?, 1, 'x')")
                    .params(MEMORY_MAX, PIDS_MAX, SWAP_MAX)
                    .update();
            return writer.sql("INSERT INTO tenant (name, plan, state, created_at) VALUES ('alice', 'p', 'ACTIVE', 0)")
                    .update();
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void givesBackOnlyWhenNothingIsLeft() {
        put("a", 1, 1000);
        delete("a");
        assertThatThrownBy(() -> put("b", 1, 10))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("used 1000");
        assertThatThrownBy(() -> put("a", 1, 10))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ProblemCode.CONFLICT));
        remove("a");
        put("b", 1, 1000);
        remove("b");
        assertThat(records()).extracting(WorkloadRecord::name).containsExactly(new WorkloadName("b"));
    }

    @Test
    void countsARemovalOnce() {
        put("a", 1, 400);
        put("b", 1, 400);
        delete("a");
        remove("a");
        long revision = database.revision();
        remove("a");
        assertThat(database.revision()).isEqualTo(revision);
        assertThat(counter("used_cpu_millis")).isEqualTo(400);
        assertThat(counter("used_workloads")).isEqualTo(1);
    }

    @Test
    void changesNothingWhenTheSpecIsTheSame() {
        put("a", 1, 400);
        long revision = database.revision();
        put("a", 1, 400);
        delete("a");
        long deleted = database.revision();
        assertThat(deleted).isEqualTo(revision + 1);
        delete("a");
        assertThat(database.revision()).isEqualTo(deleted);
    }

    @Test
    void numbersEveryStateAnewAndTellsWhenOneIsMeantThatIsGone() {
        put("a", 1, 400);
        long first = records().getFirst().revision();
        put("a", 1, 400);
        assertThat(records().getFirst().revision()).as("nothing changed").isEqualTo(first);
        put("a", 2, 400);
        long second = records().getFirst().revision();
        assertThat(second).isGreaterThan(first);
        Precondition stale = new Precondition("db", List.of("db." + first), false);
        assertThatThrownBy(() -> database.write(writer -> workloads.delete(writer, ALICE, A, stale)))
                .isInstanceOf(ProblemException.class)
                .hasMessage("workload alice/a is at \"db." + second + "\" now");
        assertThat(records().getFirst().deleting()).isFalse();
        delete("a");
        remove("a");
        put("a", 1, 400);
        assertThat(records().getFirst().revision()).as("made again").isGreaterThan(second);
    }

    /** The counters of the tenant's row are the sum of its workloads after any history. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void keepsItsCountersEqualToTheSumOfTheWorkloads(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int step = 0; step < 200; step++) {
            try {
                change(random, "w" + random.nextInt(4));
            } catch (ProblemException problem) {
                refused++;
            }
            for (String column : List.of("cpu_millis", "memory_bytes", "pids", "disk_bytes", "inodes", "swap_bytes")) {
                assertThat(counter("used_" + column))
                        .as("seed %s step %s %s", seed, step, column)
                        .isEqualTo(sum("replicas * " + column));
            }
            assertThat(counter("used_workloads")).isEqualTo(sum("1"));
            assertThat(sum("replicas * cpu_millis")).isLessThanOrEqualTo(1000);
            assertThat(sum("replicas * memory_bytes")).isLessThanOrEqualTo(MEMORY_MAX);
            assertThat(sum("replicas * pids")).isLessThanOrEqualTo(PIDS_MAX);
            assertThat(sum("replicas * swap_bytes")).isLessThanOrEqualTo(SWAP_MAX);
        }
        assertThat(refused).as("some are refused, some are not").isBetween(1, 199);
    }

    /** Specs may be long, and each admission sums up what all of a tenant's workloads use. */
    @Test
    void sumsUpWithoutReadingSpecs() {
        String explain = kind == StoreKind.SQLITE ? "EXPLAIN QUERY PLAN" : "EXPLAIN VERBOSE";
        List<String> steps = database.read(reader -> reader.sql(explain + " SELECT * FROM " + Quota.IN_USE)
                .params(Map.of("tenant", "alice", "name", "a"))
                .query((row, number) -> row.getString(kind == StoreKind.SQLITE ? 4 : 1))
                .list());
        switch (kind) {
            case SQLITE -> assertThat(steps).contains("SEARCH workload USING COVERING INDEX workload_sums (tenant=?)");
            case POSTGRES ->
                assertThat(steps)
                        .anyMatch(step -> step.contains("ELSE workload.spec_length"))
                        .noneMatch(step -> step.contains("length(workload.spec)"));
        }
    }

    private void change(SplittableRandom random, String name) {
        switch (random.nextInt(4)) {
            case 0 -> delete(name);
            case 1 -> remove(name);
            default -> put(name, random.nextInt(5), random.nextInt(10, 600));
        }
    }

    private void put(String name, int replicas, int cpuMillis) {
        ProcessSpec process = new ProcessSpec(new ImageName("busybox"), List.of("true"), Map.of(), "0", "/", true);
        Resources resources = new Resources(
                cpuMillis,
                (4 + cpuMillis % 90) * Resources.MIB,
                1 + cpuMillis % 40,
                Resources.MIB,
                16 + cpuMillis,
                cpuMillis % 50 * Resources.MIB);
        WorkloadSpec spec = new WorkloadSpec(
                WorkloadKind.SERVICE, process, replicas, resources, RestartPolicy.DEFAULT, NetworkSpec.NONE, null);
        database.write(writer -> workloads.put(writer, ALICE, new WorkloadName(name), spec, Precondition.NONE));
    }

    private void delete(String name) {
        database.write(writer -> workloads.delete(writer, ALICE, new WorkloadName(name), Precondition.NONE));
    }

    private void remove(String name) {
        database.write(writer -> {
            workloads.remove(writer, ALICE, new WorkloadName(name));
            return 0;
        });
    }

    private List<WorkloadRecord> records() {
        return database.read(workloads::all);
    }

    private long counter(String column) {
        return number("SELECT " + column + " FROM tenant WHERE name = 'alice'");
    }

    private long sum(String expression) {
        return number("SELECT coalesce(sum(" + expression + "), 0) FROM workload WHERE tenant = 'alice'");
    }

    private long number(String sql) {
        return database.read(reader -> reader.sql(sql).query(Long.class).single());
    }
}
