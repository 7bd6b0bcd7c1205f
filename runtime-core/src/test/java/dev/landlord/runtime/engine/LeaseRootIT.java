package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is bound to the lease of a host ends with it, whoever is there or not to see to it; and nothing else does. */
@Tag("root")
@Tag("cgroup2")
class LeaseRootIT {
    private static final long SECOND = 1_000_000_000L;
    private static final long LONG = 3600 * SECOND;
    /** Says again and again how long the machine has been up, by the clock of the lease. */
    private static final String TELLS_TIME =
            "trap '' TERM; echo up; while :; do read up rest < /proc/uptime; echo $up; sleep 0.02; done";

    @TempDir
    private Path scratch;

    private Host host;
    private SandboxRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        host = new Host(scratch);
        runtime = host.open();
    }

    @AfterEach
    void leavesNothingOnTheHost() throws IOException {
        host.takeDown(runtime);
    }

    @Test
    void aHostVerifiesItByTrying() {
        assertThat(runtime.facts().capabilities()).contains("lease");
        assertThat(runtime.lease().holds())
                .as("the trial has a lease of its own")
                .isFalse();
    }

    @Test
    void itEndsAtTheDeadlineAlthoughNobodyIsThereAndItIgnoresBeingAsked() throws IOException {
        grant(2 * SECOND);
        SandboxSpec leased = running(true);
        SandboxSpec kept = running(false);
        long deadline = runtime.lease().deadlineNanos();
        runtime.close();
        Host.await("the record of the end", () -> Files.exists(directory(leased).resolve("exit")));

        runtime = host.open();
        runtime.adopt();
        ExitRecord exit = runtime.awaitExit(leased.id(), Duration.ZERO).orElseThrow();
        assertThat(exit.fenced()).isTrue();
        assertThat(exit.signal()).isEqualTo(9);
        assertThat(runtime.status(leased.id()).phase()).isEqualTo(Phase.EXITED);
        assertThat(lastTold(leased)).isBetween((deadline - SECOND) / SECOND, deadline / SECOND + 1);
        assertThat(runtime.status(kept.id()).phase()).isEqualTo(Phase.RUNNING);
    }

    @Test
    void itRunsOnForAsLongAsTheLeaseIsExtendedAndIsNotEndedBefore() {
        long begin = grant(SECOND).deadlineNanos() - SECOND;
        SandboxSpec leased = running(true);
        while (runtime.lease().nowNanos() < begin + 3 * SECOND) {
            // A host that slept through a whole lease has lost it rightly, and tells nothing about this.
            assertThat(grant(SECOND).term()).isEqualTo(1);
            assertThat(runtime.status(leased.id()).phase()).isEqualTo(Phase.RUNNING);
        }
        long deadline = runtime.lease().deadlineNanos();
        ExitRecord exit = runtime.awaitExit(leased.id(), Host.PATIENCE).orElseThrow();
        assertThat(runtime.lease().nowNanos()).isGreaterThanOrEqualTo(deadline);
        assertThat(exit.fenced()).isTrue();
    }

    /** Its replacement may run by then: that the host may go on again is no reason for this one to. */
    @Test
    void aNewTermDoesNotSaveWhatShouldHaveEndedBefore() throws Exception {
        grant(2 * SECOND);
        SandboxSpec leased = running(true);
        String supervisor = Integer.toString(runtime.status(leased.id()).supervisorPid());
        signal("STOP", supervisor);
        Host.await("the end of the lease", () -> !runtime.lease().holds());
        assertThat(grant(LONG).term()).isEqualTo(2);
        assertThat(runtime.status(leased.id()).phase()).isEqualTo(Phase.RUNNING);
        signal("CONT", supervisor);
        assertThat(runtime.awaitExit(leased.id(), Host.PATIENCE).orElseThrow().fenced())
                .isTrue();
    }

    @Test
    void nothingIsLetGoWithoutALease() {
        SandboxSpec leased = leased(runtime.lease().term());
        runtime.create(leased);
        assertThatThrownBy(() -> runtime.start(leased.id()))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("hold lease");
    }

    @Test
    void nothingIsLetGoInAnotherTermThanItWasGivenIn() {
        long term = grant(LONG).term();
        SandboxSpec old = leased(term - 1);
        runtime.create(old);
        assertThatThrownBy(() -> runtime.start(old.id())).hasMessageContaining("hold lease");
    }

    /** On version 1 alone a frozen process takes no signal: it does not run, and it must not begin to. */
    @Test
    void whatIsFrozenMeanwhileNeverRunsAgain() {
        grant(2 * SECOND);
        SandboxSpec leased = running(true);
        runtime.freezeOwner(Host.ALICE);
        String told = out(leased);
        Host.await("the end of the lease", () -> !runtime.lease().holds());
        Host.await(
                "the word of the supervisor",
                () -> Files.readString(directory(leased).resolve("run")).contains("FENCED"));
        runtime.thawOwner(Host.ALICE);
        assertThat(runtime.awaitExit(leased.id(), Host.PATIENCE).orElseThrow().fenced())
                .isTrue();
        // What was in the pipe when it was frozen comes after, and no more.
        assertThat(out(leased).length() - told.length()).isLessThan(64);
    }

    private dev.landlord.runtime.Lease grant(long nanos) {
        return runtime.extendLease(runtime.lease().nowNanos() + nanos);
    }

    private SandboxSpec running(boolean leased) {
        SandboxSpec spec = leased ? leased(runtime.lease().term()) : host.spec(Host.shell(TELLS_TIME));
        Host.startAndAwaitOutput(runtime, spec, "up");
        return spec;
    }

    private SandboxSpec leased(long term) {
        SandboxSpec plain = host.spec(Host.shell(TELLS_TIME));
        return new SandboxSpec(
                plain.id(),
                plain.owner(),
                plain.ids(),
                plain.image(),
                plain.process(),
                plain.hostname(),
                plain.limits(),
                plain.writableBytes(),
                plain.writableInodes(),
                plain.shmBytes(),
                plain.init(),
                plain.logs(),
                plain.isolation(),
                null,
                term);
    }

    private Path directory(SandboxSpec spec) {
        return host.config
                .stateDirectory()
                .resolve("sandboxes")
                .resolve(spec.id().value());
    }

    private String out(SandboxSpec spec) {
        return Host.output(runtime, spec.id(), LogPage.Stream.STDOUT);
    }

    /** Whole seconds. */
    private long lastTold(SandboxSpec spec) {
        List<String> lines = out(spec).lines().toList();
        return (long) Double.parseDouble(lines.getLast());
    }

    private static void signal(String name, String pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                .isZero();
    }
}
