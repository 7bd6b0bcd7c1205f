package dev.landlord.controlplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.clock.SteadyClock;
import dev.landlord.controlplane.node.Contact.Said;
import dev.landlord.controlplane.node.Contacts.Listening;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One host, what it is told, and when it is given up, in simulated time: reports and answers are late, lost and overtake each
 * other, clocks run at different rates, the time of day jumps, the host and the control plane stand still. Whatever happens,
 * when a node is lost its agent's deadline, and the time that its supervisors take, are past.
 */
class LeaseArithmeticTest {
    private static final NodeName NODE = new NodeName("n1");
    private static final long END_MILLIS = 600_000;
    private static final long STEP_MILLIS = 10;
    /** Of a supervisor on a busy host, from the deadline to the end of the program. */
    private static final long SLOW_KILL_MILLIS = 500;
    /** Of the rates of two clocks; far more than any that is disciplined, and less than the margin allows for. */
    private static final double SKEW = 0.01;

    private SplittableRandom random = new SplittableRandom();
    private long now;
    private long standsStillUntil;
    private long cutOffUntil;
    private double serverRate;
    private double agentRate;
    private long timeOfDayJump;
    private final List<Answer> answers = new ArrayList<>();
    private final Deque<Long> reports = new ArrayDeque<>();

    /** On its way to the agent. */
    private record Answer(long arrivesAt, long sentAtByAgent, long leaseMillis) {}

    private long serverNanos() {
        return (long) (now * serverRate * 1_000_000);
    }

    private long agentMillis() {
        return (long) (now * agentRate);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000",
        "2, 1000",
        "3, 1000",
        "4, 1000",
        "5, 1000",
        "6, 1000",
        "7, 200",
        "8, 200",
        "9, 5000",
        "10, 5000",
        "11, 500",
        "12, 500",
        "13, 60000"
    })
    void nothingRunsWhereItIsReplaced(long seed, long interval) {
        random = new SplittableRandom(seed);
        serverRate = 1 + random.nextDouble(-SKEW, SKEW) / 2;
        agentRate = 1 + random.nextDouble(-SKEW, SKEW) / 2;
        SteadyClock clock = new SteadyClock(() -> Instant.ofEpochMilli(now + timeOfDayJump), this::serverNanos);
        Contacts contacts = new Contacts(clock, clock, ReportTimings.ofInterval(interval));
        ReportTiming timing = contacts.timing(1);
        // What is shorter than a busy host's supervisors take is nobody's lease.
        long kill = Math.min(SLOW_KILL_MILLIS, (timing.lostAfter() - timing.lease()) / 2);
        NodeRecord ready = new NodeRecord(NODE, NodeState.READY, null, 0, 0, 0, "", NodeDuty.OPEN, 0, false, null);
        Listening listening = new Listening(contacts.now(), Map.of());
        long deadline = Long.MIN_VALUE;
        long nextReport = 0;
        int losses = 0;
        int grants = 0;
        for (now = 0; now < END_MILLIS * Math.max(1, interval / 1000); now += STEP_MILLIS) {
            disturb(timing);
            if (now >= standsStillUntil && now >= nextReport) {
                nextReport = now + interval;
                report(contacts, timing);
            }
            for (Answer answer : arrived()) {
                deadline = Math.max(deadline, answer.sentAtByAgent + answer.leaseMillis);
                grants++;
            }
            boolean lost = contacts.silent(List.of(ready), timing, listening).stream()
                    .anyMatch(change -> change.to() == NodeState.LOST);
            if (lost) {
                losses++;
                assertThat(agentMillis())
                        .as("seed %d at %d ms: the agent's deadline, and its supervisors' time", seed, now)
                        .isGreaterThan(deadline + kill);
            }
        }
        assertThat(losses).as("something was lost").isPositive();
        assertThat(grants).as("something was granted").isGreaterThan(50);
    }

    private void disturb(ReportTiming timing) {
        int dice = random.nextInt((int) (100 * timing.nextReport()));
        long span = timing.lostAfter();
        if (dice < 8) {
            cutOffUntil = now + random.nextLong(2 * span);
        } else if (dice < 16) {
            standsStillUntil = now + random.nextLong(2 * span);
        } else if (dice < 32) {
            timeOfDayJump += random.nextLong(-86_400_000, 86_400_000);
        }
    }

    /** As the agent does: the time is taken first, and it may stand still at once afterwards. */
    private void report(Contacts contacts, ReportTiming timing) {
        long sentAt = agentMillis();
        reports.add(sentAt);
        if (now < cutOffUntil || random.nextInt(20) == 0) {
            return;
        }
        // Its way to the control plane takes no time here: all of it is in the way of the answer, and in older ones
        // that come late.
        long carried = random.nextInt(10) == 0 ? reports.getFirst() : sentAt;
        Contact contact = contacts.of(NODE);
        contact.taken("run", 1, Said.NOTHING, contacts.now());
        long late = random.nextInt(5) == 0 ? random.nextLong(timing.lostAfter()) : random.nextLong(50);
        answers.add(new Answer(now + late, carried, contact.lease(contacts.now(), timing, false)));
        while (reports.size() > 20) {
            reports.removeFirst();
        }
    }

    private List<Answer> arrived() {
        List<Answer> here = answers.stream()
                .filter(answer -> answer.arrivesAt <= now && now >= standsStillUntil)
                .toList();
        answers.removeAll(here);
        return here;
    }
}
