package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a tree of control groups promises, on the kernel that is there. Real processes, real limits. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
abstract class CgroupTreeContract {
    static final Path MOUNT = Path.of("/sys/fs/cgroup");
    static final OwnerId ALICE = new OwnerId("alice");
    static final SandboxId SHOP = new SandboxId("shop-1");
    static final long MIB = 1L << 20;

    final String root = "landlord-cgtest-" + ProcessHandle.current().pid() + "-" + System.nanoTime() % 100_000;
    private final List<Member> members = new ArrayList<>();
    CgroupTree tree;

    abstract CgroupTree open(RuntimeConfig config);

    /** Absolute file to text: what the kernel must show for the limits. */
    abstract Map<Path, String> expected(String group, Limits limits);

    /** What this lane can enforce: all on a real host, nothing where only the groups themselves exist. */
    abstract Limits everything();

    @BeforeEach
    void openTree() {
        tree = open(config(root));
    }

    @AfterEach
    void leaveNothing() throws InterruptedException, IOException {
        tree.list().forEach(leaf -> tree.kill(leaf.owner(), leaf.id()));
        for (Member member : members) {
            member.close();
            member.exitCode();
        }
        tree.list().forEach(leaf -> tree.remove(leaf.owner(), leaf.id()));
        Stream.of("alice", "bob", "tasks", "supervisors").map(OwnerId::new).forEach(tree::removeOwner);
        tree.removeRoot();
        assertThat(leftovers()).isEmpty();
    }

    static RuntimeConfig config(String root) {
        return new RuntimeConfig(Path.of("/nonexistent"), MOUNT, root, null);
    }

    Member join(OwnerId owner, SandboxId id, String script) {
        Member member = Member.start(tree.joinFiles(owner, id), script);
        members.add(member);
        return member;
    }

    Member member(List<Path> joinFiles, String script) {
        Member member = Member.start(joinFiles, script);
        members.add(member);
        return member;
    }

    @Test
    void everyLimitIsWhatTheKernelShows() throws IOException {
        tree.create(ALICE, SHOP, everything());

        assertShown(root + "/alice/shop-1", everything());
    }

    @Test
    void aProcessIsInAllGroupsItJoined() throws IOException {
        tree.create(ALICE, SHOP, Limits.NONE);
        Member member = join(ALICE, SHOP, Member.SLEEP);

        for (Path file : tree.joinFiles(ALICE, SHOP)) {
            assertThat(Files.readString(file)).as(file.toString()).isEqualTo(member.pid() + "\n");
        }
    }

    @Test
    void aSecondGroupOfTheSameNameIsRefusedAndTheFirstStays() throws IOException {
        tree.create(ALICE, SHOP, everything());

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.create(ALICE, SHOP, Limits.NONE))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.ALREADY_EXISTS));
        assertShown(root + "/alice/shop-1", everything());
    }

    @Test
    void aFrozenSandboxUsesNoCpuUntilItIsThawed() throws InterruptedException {
        tree.create(ALICE, SHOP, Limits.NONE);
        join(ALICE, SHOP, Member.SPIN);
        await(() -> cpu() > 0);

        tree.freeze(ALICE, SHOP);
        assertThat(tree.frozen(ALICE, SHOP)).isTrue();
        long before = settledCpu();
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(cpu()).isEqualTo(before);

        tree.freeze(ALICE, SHOP);
        tree.thaw(ALICE, SHOP);
        await(() -> cpu() > before);
        assertThat(tree.frozen(ALICE, SHOP)).isFalse();
    }

    @Test
    void onlyTheDevicesOnTheListCanBeOpenedOrMade(@TempDir Path scratch) {
        assertThat(tree.devicesUnlimited()).isEmpty();
        tree.create(ALICE, SHOP, Limits.NONE);
        Member member = join(
                ALICE,
                SHOP,
                ("for d in null zero full random urandom kmsg; do (: < /dev/$d) && echo $d; done;"
                                + " mknod %1$s/null c 1 3 && echo made; mknod %1$s/kmsg c 1 11; mknod %1$s/disk b 1 3")
                        .formatted(scratch));
        for (String device : List.of("null", "zero", "full", "random", "urandom")) {
            assertThat(member.line()).isEqualTo(device);
        }
        assertThat(member.line()).contains("/dev/kmsg").containsIgnoringCase("not permitted");
        assertThat(member.line()).isEqualTo("made");
        assertThat(member.line()).contains("/kmsg").containsIgnoringCase("not permitted");
        assertThat(member.line()).contains("/disk").containsIgnoringCase("not permitted");
    }

    @Test
    void killEndsEverythingThatForks() throws InterruptedException {
        tree.create(ALICE, SHOP, Limits.NONE);
        Member parent = join(ALICE, SHOP, "for i in $(seq 40); do sleep 600 & done; echo forked; wait");
        assertThat(parent.line()).isEqualTo("forked");

        tree.kill(ALICE, SHOP);
        assertThat(parent.exitCode()).isEqualTo(137);
        tree.remove(ALICE, SHOP);
        assertThat(tree.exists(ALICE, SHOP)).isFalse();
    }

    @Test
    void aFrozenSandboxCanBeKilled() throws InterruptedException {
        tree.create(ALICE, SHOP, Limits.NONE);
        Member member = join(ALICE, SHOP, Member.SPIN);
        tree.freeze(ALICE, SHOP);

        tree.kill(ALICE, SHOP);
        assertThat(member.exitCode()).isEqualTo(137);
        tree.remove(ALICE, SHOP);
    }

    @Test
    void freezingAnOwnerFreezesWhatIsThereAndWhatComesLater() throws InterruptedException {
        SandboxId later = new SandboxId("later");
        OwnerId bob = new OwnerId("bob");
        tree.create(ALICE, SHOP, Limits.NONE);
        tree.create(bob, SHOP, Limits.NONE);
        Member first = join(ALICE, SHOP, Member.SPIN);
        Member other = join(bob, SHOP, Member.SPIN);

        tree.freezeOwner(ALICE);
        tree.create(ALICE, later, Limits.NONE);
        Member second = join(ALICE, later, Member.SPIN);
        await(() -> tree.frozen(ALICE, later));
        assertThat(tree.frozen(ALICE, SHOP)).isTrue();
        assertThat(tree.frozen(bob, SHOP)).isFalse();

        tree.kill(ALICE, later);
        assertThat(second.exitCode()).isEqualTo(137);
        tree.remove(ALICE, later);
        assertThat(tree.frozen(ALICE, SHOP)).isTrue();

        tree.thawOwner(ALICE);
        await(() -> !tree.frozen(ALICE, SHOP));
        assertThat(first.alive()).isTrue();
        assertThat(other.alive()).isTrue();
    }

    @Test
    void usageCountsTimeAndProcesses() {
        tree.create(ALICE, SHOP, everything());
        join(ALICE, SHOP, Member.SPIN);
        await(() -> tree.usage(ALICE, SHOP).cpuUserNanos() > 0); // counted by the tick, so it comes a little late

        Usage usage = tree.usage(ALICE, SHOP);
        assertThat(usage.cpuUsageNanos()).isPositive();
        assertThat(usage.oomKills()).isZero();
        assertThat(usage.memoryMaxBytes())
                .isEqualTo(orZero(everything().memory().maxBytes()));
        assertThat(usage.pids()).isEqualTo(everything().pidsMax() == null ? 0 : 1);
    }

    private static long orZero(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    @Test
    void goneIsToldFromBroken() {
        assertThatCode(() -> tree.kill(ALICE, SHOP)).doesNotThrowAnyException();
        assertThatCode(() -> tree.remove(ALICE, SHOP)).doesNotThrowAnyException();
        for (Runnable call : List.<Runnable>of(
                () -> tree.usage(ALICE, SHOP),
                () -> tree.update(ALICE, SHOP, Limits.NONE),
                () -> tree.freeze(ALICE, SHOP),
                () -> tree.thaw(ALICE, SHOP),
                () -> tree.frozen(ALICE, SHOP))) {
            assertThatExceptionOfType(SandboxException.class)
                    .isThrownBy(call::run)
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
        }
    }

    @Test
    void aGroupHalfMadeIsListedAndRemoved() throws IOException {
        tree.create(ALICE, SHOP, Limits.NONE);
        List<Path> files = tree.joinFiles(ALICE, SHOP);
        Files.delete(files.getFirst().getParent());

        assertThat(tree.list()).isEqualTo(files.size() == 1 ? List.of() : List.of(new CgroupTree.Leaf(ALICE, SHOP)));
        tree.remove(ALICE, SHOP);
        tree.remove(ALICE, SHOP);
        assertThat(tree.list()).isEmpty();
        assertThat(tree.exists(ALICE, SHOP)).isFalse();
    }

    @Test
    void aSliceThatIsInUseIsNotRemoved() {
        tree.create(ALICE, SHOP, Limits.NONE);
        assertThatExceptionOfType(SandboxException.class).isThrownBy(() -> tree.removeOwner(ALICE));

        tree.remove(ALICE, SHOP);
        tree.removeOwner(ALICE);
        tree.create(ALICE, SHOP, everything());
        assertThat(tree.exists(ALICE, SHOP)).isTrue();
    }

    @Test
    void aSliceThatSomebodyElseRemovedIsMadeAgain() throws IOException {
        tree.create(ALICE, SHOP, Limits.NONE);
        tree.remove(ALICE, SHOP);
        open(config(root)).removeOwner(ALICE);

        tree.create(ALICE, SHOP, everything());
        assertShown(root + "/alice/shop-1", everything());
    }

    @Test
    void anotherTreeOverTheSameRootSeesTheSame() throws IOException {
        tree.limitOwner(ALICE, everything());
        tree.create(ALICE, SHOP, everything());
        join(ALICE, SHOP, Member.SLEEP);

        CgroupTree second = open(config(root));
        SandboxId more = new SandboxId("more");
        second.create(ALICE, more, everything());
        assertThat(second.list()).containsExactly(new CgroupTree.Leaf(ALICE, more), new CgroupTree.Leaf(ALICE, SHOP));
        assertShown(root + "/alice/shop-1", everything());
        assertShown(root + "/alice", everything());
    }

    @Test
    void aSliceHasLimitsOfItsOwn() throws IOException {
        tree.limitOwner(ALICE, everything());
        assertShown(root + "/alice", everything());

        tree.limitOwner(ALICE, Limits.NONE);
        assertShown(root + "/alice", Limits.NONE);
    }

    @Test
    void namesThatMeetTheKernelsOrOursWorkLikeOthers() {
        OwnerId tasks = new OwnerId("tasks");
        OwnerId supervisors = new OwnerId("supervisors");
        SandboxId id = new SandboxId("tasks");
        tree.create(tasks, id, Limits.NONE);
        tree.create(supervisors, id, Limits.NONE);

        assertThat(tree.list()).containsExactly(new CgroupTree.Leaf(supervisors, id), new CgroupTree.Leaf(tasks, id));
    }

    @Test
    void aSupervisorIsOutsideOfEverySlice() throws IOException {
        Member supervisor = member(tree.supervisorJoinFiles(), Member.SLEEP);
        tree.create(ALICE, SHOP, Limits.NONE);
        tree.freezeOwner(ALICE);
        tree.kill(ALICE, SHOP);

        assertThat(supervisor.alive()).isTrue();
        for (Path file : tree.supervisorJoinFiles()) {
            assertThat(file.getParent()).endsWith(Path.of(root, "supervisors"));
            assertThat(Files.readString(file)).isEqualTo(supervisor.pid() + "\n");
        }
        assertThat(tree.list()).hasSize(1);
    }

    long cpu() {
        return tree.usage(ALICE, SHOP).cpuUsageNanos();
    }

    /** A process counts as frozen a few instructions before it has left the processor. */
    private long settledCpu() throws InterruptedException {
        long before;
        do { // the test's own timeout ends this
            before = cpu();
            TimeUnit.MILLISECONDS.sleep(100);
        } while (cpu() != before);
        return before;
    }

    static Limits scaled(Limits limits, int divisor) {
        return new Limits(
                Math.max(1, limits.cpu().weight() / divisor),
                divided(limits.cpu().maxMillis(), divisor),
                divided(limits.memory().maxBytes(), divisor),
                divided(limits.pidsMax(), divisor),
                limits.cpu().cpuset(),
                limits.io().stream()
                        .map(io -> new IoLimit(
                                io.major(),
                                io.minor(),
                                divided(io.readBytesPerSecond(), divisor),
                                null,
                                divided(io.readOpsPerSecond(), divisor),
                                null))
                        .toList());
    }

    private static @Nullable Long divided(@Nullable Long value, int divisor) {
        return value == null ? null : value / divisor;
    }

    void assertShown(String group, Limits limits) throws IOException {
        for (Map.Entry<Path, String> entry : expected(group, limits).entrySet()) {
            assertThat(Files.readString(entry.getKey()).strip())
                    .as(entry.getKey().toString())
                    .isEqualTo(entry.getValue());
        }
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) { // the test's own timeout ends this
            Thread.onSpinWait();
            if (Thread.interrupted()) {
                throw new IllegalStateException("interrupted");
            }
        }
    }

    /** Groups of this test in any hierarchy. */
    private List<Path> leftovers() {
        try (Stream<Path> hierarchies = Files.list(MOUNT)) {
            return Stream.concat(Stream.of(MOUNT), hierarchies)
                    .map(h -> h.resolve(root))
                    .filter(Files::exists)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A disk of this host that takes a limit. */
    static IoLimit diskLimit() {
        try (Stream<Path> disks = Files.list(Path.of("/sys/block"))) {
            String device = disks.filter(d -> !d.getFileName().toString().matches("(loop|ram|zram|nbd|fd|sr).*"))
                    .map(d -> text(d.resolve("dev")).strip())
                    .findFirst()
                    .orElseThrow();
            int colon = device.indexOf(':');
            return new IoLimit(
                    Integer.parseInt(device.substring(0, colon)),
                    Integer.parseInt(device.substring(colon + 1)),
                    10 * MIB,
                    20 * MIB,
                    300L,
                    400L);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
