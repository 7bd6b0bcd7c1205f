package dev.landlord.agent.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.diff.AllocationRecord;
import dev.landlord.agent.diff.AllocationRecord.Attempts;
import dev.landlord.agent.diff.AllocationRecord.Identity;
import dev.landlord.agent.diff.AllocationRecord.State;
import dev.landlord.agent.diff.AllocationRecord.Stop;
import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.agent.sandbox.ManualClock;
import dev.landlord.agent.sandbox.Resident;
import dev.landlord.agent.sandbox.Residents;
import dev.landlord.agent.sandbox.SandboxName;
import dev.landlord.agent.sandbox.SimulatedRuntime;
import dev.landlord.agent.sync.MemoryControlPlane;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.sync.StreamRequest;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogStreamsTest {
    private static final AllocationId A = new AllocationId("aaaaaaaa1");
    private static final TenantName ALICE = new TenantName("alice");

    private final SimulatedRuntime runtime = new SimulatedRuntime(new ManualClock());
    private final Residents residents = new Residents(runtime);
    private final MemoryControlPlane controlPlane = new MemoryControlPlane();
    private final LogStreams streams = new LogStreams(controlPlane, residents);

    @AfterEach
    void close() {
        streams.close();
    }

    private SandboxName run(int run) {
        SandboxName name = new SandboxName(A, run);
        runtime.limitOwner(new OwnerId("alice"), Limits.NONE);
        runtime.create(new SandboxSpec(
                name.id(),
                new OwnerId("alice"),
                new IdBlock(655_360, 65_536),
                Path.of("/image"),
                new ProcessSpec(List.of("serve"), Map.of(), "/", 0, 0, List.of()),
                "shop-0",
                Limits.NONE,
                65_536,
                100,
                65_536,
                true,
                LogPolicy.DEFAULT,
                Isolation.FULL,
                null,
                null));
        runtime.start(name.id());
        ObservedSandbox sandbox = new ObservedSandbox(A, run, ALICE, ObservedSandbox.Phase.RUNNING, 1, 0, null);
        AllocationRecord record = new AllocationRecord(
                new Identity(A, ALICE, new WorkloadName("shop"), 0, new ImageName("tiny")),
                new Attempts(State.UP, run, 0, 0, 0, 0),
                new Stop(1, 0),
                new ResourceLimits(1, 1, 1, 1),
                0,
                null);
        residents.publish(Map.of(A, new Resident(record, sandbox)));
        return name;
    }

    private MemoryControlPlane.Sink open(String id, boolean follow, long tail) throws InterruptedException {
        streams.open(new StreamRequest(id, StreamRequest.Kind.STDOUT, A, follow, tail));
        await(() -> controlPlane.streams.containsKey(id));
        return Objects.requireNonNull(controlPlane.streams.get(id));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 15_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(2);
        }
        throw new AssertionError("did not come true");
    }

    private static void await(MemoryControlPlane.Sink sink, String text) throws InterruptedException {
        await(() -> new String(sink.received(), UTF_8).equals(text));
    }

    @Test
    void sendsTheTailAndEnds() throws InterruptedException {
        SandboxName name = run(1);
        runtime.write(name.id(), "0123456789".getBytes(UTF_8));
        MemoryControlPlane.Sink sink = open("s1", false, 4);
        await(sink::isFinished);
        assertThat(new String(sink.received(), UTF_8)).isEqualTo("6789");
        assertThat(sink.reason()).isNull();
        await(() -> streams.openStreams() == 0);
    }

    @Test
    void findsTheEndOfOutputsOfAnyLength() throws InterruptedException {
        SandboxName name = run(1);
        int length = 0;
        for (int more : new int[] {0, 1, 1, 2, 61, 63, 70_000, 131_072}) {
            runtime.write(name.id(), "x".repeat(more).getBytes(UTF_8));
            length += more;
            MemoryControlPlane.Sink sink = open("s" + length + "-" + more, false, 3);
            await(sink::isFinished);
            assertThat(sink.received()).as("of %d", length).hasSize(Math.min(3, length));
        }
    }

    @Test
    void followsIntoTheNextRunAndUntilTheAllocationLeaves() throws InterruptedException {
        SandboxName first = run(1);
        runtime.write(first.id(), "one ".getBytes(UTF_8));
        MemoryControlPlane.Sink sink = open("s1", true, 100);
        await(sink, "one ");
        runtime.write(first.id(), "more ".getBytes(UTF_8));
        await(sink, "one more ");
        runtime.delete(first.id());
        SandboxName second = run(2);
        runtime.write(second.id(), "two".getBytes(UTF_8));
        await(sink, "one more two");
        assertThat(sink.isFinished()).isFalse();
        residents.publish(Map.of());
        await(sink::isFinished);
    }

    @Test
    void aReaderThatHangsUpEndsTheStream() throws InterruptedException {
        run(1);
        MemoryControlPlane.Sink sink = open("s1", true, 100);
        sink.hangUp();
        await(() -> streams.openStreams() == 0);
    }

    @Test
    void anAllocationThatIsNotHereIsNamed() throws InterruptedException {
        MemoryControlPlane.Sink sink = open("s1", false, 100);
        await(sink::isFinished);
        assertThat(sink.reason()).isEqualTo("allocation aaaaaaaa1 is not on this node");
    }

    @Test
    void tooManyAreRefused() throws InterruptedException {
        run(1);
        for (int i = 0; i < LogStreams.MAX_STREAMS; i++) {
            open("s" + i, true, 0);
        }
        streams.open(new StreamRequest("one-too-many", StreamRequest.Kind.STDOUT, A, true, 0));
        assertThat(streams.openStreams()).isEqualTo(LogStreams.MAX_STREAMS);
        assertThat(controlPlane.streams).doesNotContainKey("one-too-many");
    }
}
