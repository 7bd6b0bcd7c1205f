package dev.landlord.agent.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.diff.AgentAction.Delete;
import dev.landlord.agent.diff.AgentAction.Kill;
import dev.landlord.agent.diff.AgentAction.Start;
import dev.landlord.agent.diff.AgentAction.Terminate;
import dev.landlord.agent.diff.AllocationRecord.State;
import dev.landlord.agent.diff.ObservedSandbox.Phase;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.workload.RestartPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random lives of a host: after each event the actions are applied and what must always hold is checked. */
class AgentDiffPropertyTest {
    private static final int STEPS = 400;
    private static final List<TenantName> TENANTS =
            List.of(new TenantName("alice"), new TenantName("bob"), new TenantName("eve"));

    private final DiffWorld world = new DiffWorld();
    private final Map<String, Assignment> assignments = new TreeMap<>();
    private final Set<TenantName> frozen = new HashSet<>();
    private int nextId = 0;
    private SplittableRandom random = new SplittableRandom();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597})
    void whateverHappensTheHostConvergesAndNothingRunsTwice(long seed) {
        random = new SplittableRandom(seed);
        world.sandboxes.put(new RunKey(new AllocationId("orphan001"), 2), orphan());
        int starts = 0;
        for (int step = 0; step < STEPS; step++) {
            String event = disturb();
            String where = "seed " + seed + " step " + step + " " + event;
            List<AgentAction> applied = converge(where);
            starts += (int) applied.stream().filter(Start.class::isInstance).count();
            checkFixedPoint(where);
        }
        assertThat(starts).as("the seed exercised something").isGreaterThan(50);
    }

    private static ObservedSandbox orphan() {
        return new ObservedSandbox(new AllocationId("orphan001"), 2, TENANTS.get(2), Phase.RUNNING, 1, 0, null);
    }

    private DesiredState desired() {
        return new DesiredState(new Generation("db-1", 1), List.copyOf(assignments.values()), frozen, null);
    }

    private String disturb() {
        int dice = random.nextInt(100);
        if (dice < 20 || assignments.isEmpty()) {
            AllocationId id = new AllocationId("alloc" + (10_000 + nextId++));
            Assignment fresh = DiffFixtures.assignment(id, TENANTS.get(random.nextInt(3)));
            RestartPolicy.Mode mode = List.of(RestartPolicy.Mode.values()).get(random.nextInt(3));
            assignments.put(id.value(), DiffFixtures.with(fresh, mode));
            return "add " + id;
        }
        String victim = new ArrayList<>(assignments.keySet()).get(random.nextInt(assignments.size()));
        Assignment assignment = assignments.getOrDefault(victim, DiffFixtures.assignment());
        if (dice < 30) {
            assignments.remove(victim);
            return "remove " + victim;
        }
        if (dice < 45) {
            return change(victim, assignment);
        }
        if (dice < 52) {
            TenantName tenant = TENANTS.get(random.nextInt(3));
            boolean thawed = frozen.remove(tenant);
            if (!thawed) {
                frozen.add(tenant);
            }
            return (thawed ? "resume " : "suspend ") + tenant;
        }
        if (dice < 75) {
            return endSome();
        }
        if (dice < 80) {
            world.owners.replaceAll((tenant, state) -> OwnerState.UNKNOWN);
            return "restart of the agent";
        }
        world.now += random.nextLong(1, 20_000);
        return "time passes";
    }

    private String change(String victim, Assignment assignment) {
        switch (random.nextInt(4)) {
            case 0 -> assignments.put(victim, DiffFixtures.with(assignment, Assignment.Desired.STOPPED));
            case 1 -> assignments.put(victim, DiffFixtures.with(assignment, Assignment.Desired.RUNNING));
            case 2 -> assignments.put(victim, DiffFixtures.withCpu(assignment, random.nextLong(10, 500)));
            default -> assignments.put(victim, DiffFixtures.withCounter(assignment, assignment.restartCounter() + 1));
        }
        return "change " + victim;
    }

    private String endSome() {
        List<ObservedSandbox> live = world.live(s -> !s.allocation().value().startsWith("orphan"));
        if (live.isEmpty()) {
            return "nothing to end";
        }
        ObservedSandbox victim = live.get(random.nextInt(live.size()));
        RunKey key = new RunKey(victim.allocation(), victim.run());
        if (random.nextInt(10) == 0) {
            world.sandboxes.remove(key);
            return "vanished " + key;
        }
        world.end(key, random.nextInt(3));
        return "ended " + key;
    }

    /** Applies with a small budget, checking the safety rules before and after each single action. */
    private List<AgentAction> converge(String where) {
        List<AgentAction> all = new ArrayList<>();
        for (int pass = 0; pass < 100; pass++) {
            List<AgentAction> changes = AgentDiff.diff(desired(), world.observe(), world.now, 2).stream()
                    .filter(DiffWorld::changes)
                    .toList();
            if (changes.isEmpty()) {
                return all;
            }
            for (AgentAction action : changes) {
                checkAllowed(action, where);
                boolean agentDies = random.nextInt(40) == 0;
                if (agentDies) {
                    break;
                }
                world.apply(action);
                all.add(action);
                checkSafe(where + " after " + action);
            }
        }
        throw new AssertionError(where + ": no fixed point");
    }

    private void checkAllowed(AgentAction action, String where) {
        switch (action) {
            case Start start -> {
                assertThat(start.assignment().desired()).as(where).isEqualTo(Assignment.Desired.RUNNING);
                assertThat(frozen).as(where).doesNotContain(start.tenant());
            }
            case Terminate terminate -> checkMayStop(terminate.allocation(), where);
            case Kill kill -> checkMayStop(kill.allocation(), where);
            case Delete delete ->
                assertThat(world.live(s -> s.allocation().equals(delete.allocation()) && s.run() == delete.run()))
                        .as(where + ": nothing alive is deleted")
                        .isEmpty();
            default -> {}
        }
    }

    private void checkMayStop(AllocationId allocation, String where) {
        Assignment assignment = assignments.get(allocation.value());
        AllocationRecord record = world.record(allocation);
        boolean ordered = assignment == null
                || assignment.desired() == Assignment.Desired.STOPPED
                || assignment.restartCounter() > record.attempts().restartCounter()
                || record.stopping();
        assertThat(ordered)
                .as(where + ": stop of " + allocation + " was ordered")
                .isTrue();
    }

    private void checkSafe(String where) {
        Set<AllocationId> seen = new HashSet<>();
        for (ObservedSandbox sandbox : world.live(s -> true)) {
            assertThat(seen.add(sandbox.allocation()))
                    .as(where + ": " + sandbox)
                    .isTrue();
        }
        assertThat(world.sandboxes).as(where).containsKey(new RunKey(new AllocationId("orphan001"), 2));
        for (TenantName tenant : TENANTS) {
            long used =
                    world
                            .live(s -> s.tenant().equals(tenant)
                                    && !s.allocation().value().startsWith("orphan"))
                            .stream()
                            .map(s -> world.limits.get(new RunKey(s.allocation(), s.run())))
                            .mapToLong(limits -> limits == null ? 0 : limits.cpuMillis())
                            .sum();
            OwnerState state = world.owners.get(tenant);
            if (state != null && state.limits() != null) {
                assertThat(state.limits().cpuMillis())
                        .as(where + ": slice of " + tenant)
                        .isGreaterThanOrEqualTo(used);
            }
        }
    }

    private void checkFixedPoint(String where) {
        for (Assignment assignment : assignments.values()) {
            AllocationRecord record = world.record(assignment.allocation());
            boolean live = !world.live(s -> s.allocation().equals(assignment.allocation()))
                    .isEmpty();
            boolean mayRest =
                    frozen.contains(assignment.tenant()) || record.state() == State.ENDED || record.stopping();
            if (assignment.desired() == Assignment.Desired.RUNNING && !mayRest) {
                assertThat(live)
                        .as(where + ": " + assignment.allocation() + " runs")
                        .isTrue();
            }
            if (assignment.desired() == Assignment.Desired.STOPPED && live) {
                assertThat(record.stopping())
                        .as(where + ": " + assignment.allocation())
                        .isTrue();
            }
        }
        for (AllocationRecord record : world.records.values()) {
            boolean assigned = assignments.containsKey(record.allocation().value());
            assertThat(assigned || record.stopping())
                    .as(where + ": leftover " + record)
                    .isTrue();
        }
        for (TenantName tenant : world.owners.keySet()) {
            boolean any =
                    world.records.values().stream().anyMatch(r -> r.tenant().equals(tenant))
                            || tenant.equals(TENANTS.get(2));
            assertThat(any).as(where + ": slice of " + tenant + " is forgotten").isTrue();
        }
    }
}
