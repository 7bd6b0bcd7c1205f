package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.landlord.runtime.LimitReading;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the limits do what they are for. */
abstract class CgroupLimitsContract extends CgroupTreeContract {
    @Override
    Limits everything() {
        return new Limits(200, 500L, 64 * MIB, 20L, "0-1", List.of(diskLimit()));
    }

    @Test
    void aLimitThatTheKernelDoesNotTakeIsNamedAndNothingIsLeft() {
        Limits noSuchDevice =
                new Limits(100, null, null, 10L, null, List.of(new IoLimit(4000, 77, 1000L, null, null, null)));
        Limits noSuchCpu = new Limits(100, null, null, 10L, "7000", List.of());

        assertRefused("io", noSuchDevice);
        assertRefused("cpu.cpuset", noSuchCpu);
    }

    private void assertRefused(String field, Limits limits) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.create(ALICE, SHOP, limits))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
                .satisfies(e -> assertThat(e.operation()).isEqualTo("set " + field));
        assertThat(tree.exists(ALICE, SHOP)).isFalse();
        assertThat(tree.list()).isEmpty();
    }

    @Test
    void limitsOfALivingSandboxGoUpAndDownAndAway() throws IOException {
        tree.create(ALICE, SHOP, everything());
        join(ALICE, SHOP, Member.SLEEP);
        Limits half = scaled(everything(), 2);

        for (Limits limits : List.of(half, everything(), half, Limits.NONE, everything())) {
            tree.update(ALICE, SHOP, limits);
            assertShown(root + "/alice/shop-1", limits);
        }
    }

    @Test
    void whatWasChangedBehindOurBackIsReadAndWrittenAnew() throws IOException {
        tree.limitOwner(ALICE, Limits.NONE);
        tree.create(ALICE, SHOP, everything());
        join(ALICE, SHOP, Member.SLEEP);
        assertThat(drifted(everything())).isEmpty();

        for (LimitReading reading : tree.read(ALICE, SHOP, scaled(everything(), 2))) {
            // Memory and swap together cannot be less than memory, which has its turn by itself.
            if (!reading.holds() && !reading.file().equals("memory.memsw.limit_in_bytes")) {
                plant(reading);
                assertThat(drifted(everything()))
                        .as(reading.file())
                        .singleElement()
                        .satisfies(found -> assertThat(found.file()).isEqualTo(reading.file()))
                        .satisfies(found -> assertThat(found.limit()).isEqualTo(reading.limit()));
                tree.update(ALICE, SHOP, everything());
                assertThat(drifted(everything())).isEmpty();
            }
        }
        assertThat(tree.readOwner(ALICE, Limits.NONE)).allMatch(LimitReading::holds);
        tree.limitOwner(ALICE, everything());
        assertThat(tree.readOwner(ALICE, Limits.NONE)).anyMatch(reading -> !reading.holds());
    }

    private List<LimitReading> drifted(Limits wanted) {
        return tree.read(ALICE, SHOP, wanted).stream()
                .filter(reading -> !reading.holds())
                .toList();
    }

    /** As somebody would who is root on the host. */
    private void plant(LimitReading reading) throws IOException {
        Path file = expected(root + "/alice/shop-1", everything()).keySet().stream()
                .filter(path -> path.endsWith(reading.file()))
                .findFirst()
                .orElseThrow();
        Files.writeString(file, reading.wanted());
    }

    /** Also to a list that has nothing in common with the one before. */
    @Test
    void sandboxesFollowTheCpusOfTheirSlice() throws IOException {
        tree.limitOwner(ALICE, boundTo("1"));
        tree.create(ALICE, SHOP, Limits.NONE);
        Member member = join(ALICE, SHOP, Member.SLEEP);
        assertThat(cpusOf(member)).isEqualTo("1");
        for (String cpus : List.of("0", "0-1", "1")) {
            tree.limitOwner(ALICE, boundTo(cpus));
            assertThat(cpusOf(member)).isEqualTo(cpus);
        }
        assertThat(drifted(Limits.NONE)).isEmpty();
        assertThat(tree.readOwner(ALICE, boundTo("1"))).allMatch(LimitReading::holds);

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.limitOwner(ALICE, boundTo("7000")))
                .satisfies(e -> assertThat(e.operation()).isEqualTo("set cpu.cpuset"));
        assertThat(cpusOf(member)).isEqualTo("1");
        tree.limitOwner(ALICE, Limits.NONE);
        assertThat(cpusOf(member)).isEqualTo("0-1");
    }

    /** All or nothing: what refuses the cap has the CPUs stay as well. */
    @Test
    void sandboxesKeepTheirCpusWhereTheSliceKeepsItsOwn() throws IOException {
        tree.limitOwner(ALICE, boundTo("1"));
        tree.create(ALICE, SHOP, Limits.NONE);
        Member member = join(ALICE, SHOP, Member.SLEEP);
        Limits refused =
                new Limits(100, null, null, null, "0", List.of(new IoLimit(4000, 77, 1000L, null, null, null)));
        assertThatExceptionOfType(SandboxException.class).isThrownBy(() -> tree.limitOwner(ALICE, refused));
        assertThat(cpusOf(member)).isEqualTo("1");
        assertThat(tree.readOwner(ALICE, boundTo("1"))).allMatch(LimitReading::holds);
    }

    private static Limits boundTo(String cpus) {
        return new Limits(100, null, null, null, cpus, List.of());
    }

    private static String cpusOf(Member member) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + member.pid() + "/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf('\t') + 1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void limitsOfAGroupThatHasGoneAreNotRead() {
        tree.create(ALICE, SHOP, everything());
        tree.remove(ALICE, SHOP);

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.read(ALICE, SHOP, everything()))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void aFailedUpdateLeavesEverythingAsItWas() throws IOException {
        tree.create(ALICE, SHOP, everything());
        Limits half = scaled(everything(), 2);
        List<IoLimit> io = new ArrayList<>(half.io());
        io.add(new IoLimit(4000, 77, 1000L, null, null, null));
        Limits bad = new Limits(
                half.cpu().weight(),
                half.cpu().maxMillis(),
                half.memory().maxBytes(),
                half.pidsMax(),
                half.cpu().cpuset(),
                io);

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.update(ALICE, SHOP, bad))
                .satisfies(e -> assertThat(e.operation()).isEqualTo("set io"))
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
        assertShown(root + "/alice/shop-1", everything());
    }

    @Test
    void memoryBeyondTheLimitKillsAndIsCounted() throws InterruptedException {
        tree.create(ALICE, SHOP, new Limits(100, null, 16 * MIB, null, null, List.of()));
        Member hog = join(ALICE, SHOP, "x=$(head -c 50000000 /dev/zero | tr '\\0' x); echo survived");

        hog.exitCode(); // of version 1 only the largest process is killed, perhaps not the shell
        assertThat(tree.oomKills(ALICE, SHOP)).isPositive();
        assertThat(tree.usage(ALICE, SHOP).oomKills()).isEqualTo(tree.oomKills(ALICE, SHOP));
    }

    @Test
    void memoryBeyondTheSlicesLimitIsCountedWhereItWasTaken() throws InterruptedException {
        tree.limitOwner(ALICE, new Limits(100, null, 16 * MIB, null, null, List.of()));
        tree.create(ALICE, SHOP, Limits.NONE);
        Member hog = join(ALICE, SHOP, "x=$(head -c 50000000 /dev/zero | tr '\\0' x); echo survived");

        hog.exitCode();
        assertThat(tree.oomKills(ALICE, SHOP)).isPositive();
    }

    @Test
    void noMoreProcessesThanAllowed() {
        tree.create(ALICE, SHOP, new Limits(100, null, null, 1L, null, List.of()));
        Member alone = join(ALICE, SHOP, "/bin/true; echo $?");

        assertThat(alone.line()).containsIgnoringCase("fork");
    }

    @Test
    void whatForksFasterThanItIsKilledIsKilled() throws InterruptedException {
        tree.create(ALICE, SHOP, new Limits(100, null, null, 100L, null, List.of()));
        Member bomb = join(
                ALICE, SHOP, "fork() { while :; do (:); done; }; for i in $(seq 30); do fork & done; echo lit; wait");
        assertThat(bomb.line()).isEqualTo("lit");

        tree.kill(ALICE, SHOP);
        assertThat(bomb.exitCode()).isEqualTo(137);
        tree.remove(ALICE, SHOP);
        assertThat(tree.exists(ALICE, SHOP)).isFalse();
    }

    @Test
    void aCapThrottles() {
        tree.create(ALICE, SHOP, new Limits(100, 50L, null, null, null, List.of()));
        join(ALICE, SHOP, Member.SPIN);

        await(() -> tree.usage(ALICE, SHOP).cpuThrottledNanos() > 0); // counted when the wait is over
        assertThat(tree.usage(ALICE, SHOP).cpuThrottledPeriods()).isPositive();
        assertThat(tree.usage(ALICE, SHOP).cpuPeriods()).isPositive();
    }

    @Test
    void aProcessRunsOnTheCpusOfItsSandboxOnly() {
        tree.create(ALICE, SHOP, new Limits(100, null, null, null, "1", List.of()));

        assertThat(join(ALICE, SHOP, "grep Cpus_allowed_list /proc/self/status").line())
                .isEqualTo("Cpus_allowed_list:\t1");
    }

    @Test
    void memoryInUseIsSeen() {
        tree.create(ALICE, SHOP, everything());
        Member holder = join(ALICE, SHOP, "x=$(head -c 8000000 /dev/zero | tr '\\0' x); echo held; sleep 600");
        assertThat(holder.line()).isEqualTo("held");

        await(() -> tree.usage(ALICE, SHOP).memoryRssBytes() >= 8_000_000); // counted in batches, so a little late
        assertThat(tree.usage(ALICE, SHOP).memoryRssBytes()).isBetween(8_000_000L, 64 * MIB);
        assertThat(tree.usage(ALICE, SHOP).memoryWorkingSetBytes()).isGreaterThan(8_000_000);
        assertThat(tree.usage(ALICE, SHOP).memoryUsageBytes()).isGreaterThan(8_000_000);
    }

    @Test
    void aLimitBelowWhatIsInUseIsRefusedAndKillsNobody() throws IOException {
        tree.create(ALICE, SHOP, everything());
        Member holder = join(ALICE, SHOP, "x=$(head -c 8000000 /dev/zero | tr '\\0' x); echo held; sleep 600");
        assertThat(holder.line()).isEqualTo("held");
        Limits tooLow = new Limits(200, 500L, 4 * MIB, 20L, "0-1", List.of());

        assertThat(catchThrowable(() -> tree.update(ALICE, SHOP, tooLow))).hasMessageContaining("memory.maxBytes");
        assertThat(holder.alive()).isTrue();
        assertThat(tree.oomKills(ALICE, SHOP)).isZero();
        assertShown(root + "/alice/shop-1", everything());
    }

    @Test
    void raisingTheSliceThenTheSandboxAndLoweringTheOtherWayWorks() {
        Limits low = new Limits(100, 100L, 16 * MIB, 10L, null, List.of());
        Limits high = new Limits(100, 1000L, 32 * MIB, 20L, null, List.of());
        tree.limitOwner(ALICE, low);
        tree.create(ALICE, SHOP, low);

        assertThatCode(() -> {
                    tree.limitOwner(ALICE, high);
                    tree.update(ALICE, SHOP, high);
                    tree.update(ALICE, SHOP, low);
                    tree.limitOwner(ALICE, low);
                })
                .doesNotThrowAnyException();
    }
}
