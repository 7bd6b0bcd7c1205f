package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.PressureStall;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.Usage;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The order of version 2's steps, and what is undone when one of them fails. */
class CgroupV2TreeTest {
    private static final OwnerId ALICE = new OwnerId("alice");
    private static final SandboxId SHOP = new SandboxId("shop");
    private static final Path LEAF = FakeCgroupFs.MOUNT.resolve("root.slice/landlord/alice/shop");
    private static final Limits SOME = new Limits(200, 250L, 16L << 20, 64L, "0-1", List.of());

    private final FakeCgroupFs fs = new FakeCgroupFs("cpuset cpu io memory hugetlb pids rdma misc");

    private CgroupTree open() {
        List<Hierarchy> unified = List.of(new Hierarchy(FakeCgroupFs.MOUNT, Set.of(Hierarchy.UNIFIED)));
        return Cgroups.open(fs, unified, "root.slice/landlord", CgroupMode.V2, h -> false);
    }

    private List<String> logOf(Runnable action) {
        fs.log.clear();
        action.run();
        return List.copyOf(fs.log);
    }

    @Test
    void controllersAreHandedDownBeforeAGroupIsMadeBelow() {
        assertThat(logOf(this::open))
                .containsExactly(
                        "cgroup.subtree_control=+cpu +cpuset +io +memory +pids",
                        "mkdir root.slice",
                        "root.slice/cgroup.subtree_control=+cpu +cpuset +io +memory +pids",
                        "mkdir root.slice/landlord",
                        "root.slice/landlord/cgroup.subtree_control=+cpu +cpuset +io +memory +pids",
                        "mkdir root.slice/landlord/supervisors",
                        "filter devices in root.slice/landlord");
        assertThat(logOf(this::open)).isEmpty();
    }

    @Test
    void aSandboxIsMadeInASliceThatHandsDownAndThenLimited() {
        CgroupTree tree = open();

        assertThat(logOf(() -> tree.create(ALICE, SHOP, SOME)))
                .containsExactly(
                        "mkdir root.slice/landlord/alice",
                        "root.slice/landlord/alice/cgroup.subtree_control=+cpu +cpuset +io +memory +pids",
                        "mkdir root.slice/landlord/alice/shop",
                        "root.slice/landlord/alice/shop/cpuset.cpus=0-1",
                        "root.slice/landlord/alice/shop/memory.oom.group=1",
                        "root.slice/landlord/alice/shop/memory.swap.max=0",
                        "root.slice/landlord/alice/shop/memory.max=16777216",
                        "root.slice/landlord/alice/shop/cpu.weight=200",
                        "root.slice/landlord/alice/shop/cpu.max=25000 100000",
                        "root.slice/landlord/alice/shop/pids.max=64");
        assertThat(tree.birthDirectory(ALICE, SHOP)).contains(LEAF);
        assertThat(tree.joinFiles(ALICE, SHOP)).containsExactly(LEAF.resolve("cgroup.procs"));
        assertThat(tree.supervisorJoinFiles())
                .containsExactly(FakeCgroupFs.MOUNT.resolve("root.slice/landlord/supervisors/cgroup.procs"));
    }

    @Test
    void theSecondSandboxOfAnOwnerPaysForItsOwnGroupOnly() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, Limits.NONE);

        assertThat(logOf(() -> tree.create(ALICE, new SandboxId("b"), Limits.NONE)))
                .containsExactly("mkdir root.slice/landlord/alice/b", "root.slice/landlord/alice/b/memory.oom.group=1");
    }

    @Test
    void withoutAListOfDevicesSandboxesAreMadeAndTheHostSaysWhy() {
        fs.refusals.put("landlord/devices", "Operation not permitted");
        CgroupTree tree = open();

        tree.create(ALICE, SHOP, Limits.NONE);
        assertThat(tree.devicesUnlimited()).contains("the kernel takes no list of devices: Operation not permitted");
    }

    @Test
    void aListOfDevicesThatDoesNotHoldForAGroupIsNotedAndTheGroupGoes() {
        CgroupTree tree = open();
        assertThat(tree.devicesUnlimited()).isEmpty();
        fs.filtered.clear();

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.create(ALICE, SHOP, Limits.NONE))
                .withMessageContaining("set devices " + LEAF);
        assertThat(tree.exists(ALICE, SHOP)).isFalse();
    }

    @Test
    void aRefusedLimitIsNamedAndTheGroupGoes() {
        CgroupTree tree = open();
        fs.refusals.put("pids.max", "Invalid argument");

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.create(ALICE, SHOP, SOME))
                .withMessage("set pidsMax " + LEAF + "/pids.max: the kernel refused \"64\": Invalid argument")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(22));
        assertThat(tree.exists(ALICE, SHOP)).isFalse();
    }

    @Test
    void aLimitThatIsTakenButNotMeantIsRefused() {
        CgroupTree tree = open();
        Limits cpu9 = new Limits(100, null, null, null, "1,9", List.of());

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.create(ALICE, SHOP, cpu9))
                .withMessageContaining("set cpu.cpuset")
                .withMessageContaining("wrote \"1,9\" and read \"1\" from cpuset.cpus.effective");
        assertThat(tree.exists(ALICE, SHOP)).isFalse();
    }

    @Test
    void aControllerThatTheHostDoesNotGiveIsMissedOnlyByThoseWhoAskForIt() {
        FakeCgroupFs few = new FakeCgroupFs("cpu memory");
        List<Hierarchy> unified = List.of(new Hierarchy(FakeCgroupFs.MOUNT, Set.of(Hierarchy.UNIFIED)));
        CgroupTree tree = Cgroups.open(few, unified, "landlord", CgroupMode.V2, h -> false);

        tree.create(ALICE, SHOP, new Limits(10, 100L, 4096L, null, null, List.of()));
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.create(ALICE, new SandboxId("b"), SOME))
                .withMessageContaining("no controller");
        assertThat(tree.list()).hasSize(1);
    }

    @Test
    void aGroupWithProcessesCannotHandDownAndThatIsAFault() {
        fs.refusals.put("root.slice/cgroup.subtree_control", "Device or resource busy");

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(this::open)
                .withMessageContaining("root.slice/cgroup.subtree_control")
                .satisfies(e -> assertThat(e.errno()).isEqualTo(16));
    }

    @Test
    void aFailedUpdateIsUndoneBackwards() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, SOME);
        fs.refusals.put("io.max", "No such device");
        Limits half = new Limits(100, 125L, 12L << 20, 32L, "0", List.of(new IoLimit(9, 9, 1L, null, null, null)));

        List<String> log = logOf(() -> assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.update(ALICE, SHOP, half))
                .withMessageContaining("set io")
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty()));

        assertThat(log.stream().map(line -> line.substring(line.lastIndexOf('/') + 1)))
                .containsExactly(
                        "cpuset.cpus=0",
                        "memory.swap.max=0",
                        "memory.max=12582912",
                        "cpu.weight=100",
                        "cpu.max=12500 100000",
                        "pids.max=32",
                        "pids.max=64",
                        "cpu.max=25000 100000",
                        "cpu.weight=200",
                        "memory.max=16777216",
                        "cpuset.cpus=0-1");
    }

    @Test
    void memoryInUseIsGivenBackBeforeTheLimitIsLowered() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, SOME);

        List<String> log =
                logOf(() -> tree.update(ALICE, SHOP, new Limits(100, null, 7L << 20, null, null, List.of())));

        assertThat(log.getFirst()).endsWith("memory.reclaim=1048576");
        assertThat(log).anyMatch(line -> line.endsWith("memory.max=7340032"));
    }

    @Test
    void aLimitBelowWhatCannotBeGivenBackIsRefusedBeforeAnythingIsWritten() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, SOME);

        List<String> log = logOf(() -> assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.update(ALICE, SHOP, new Limits(100, null, 1L << 20, null, null, List.of())))
                .withMessageContaining("set memory.maxBytes")
                .withMessageContaining("6291456 bytes are in use"));

        assertThat(log).singleElement().asString().endsWith("memory.reclaim=7340032");
    }

    private static Limits swapping(long bytes, long swap) {
        return new Limits(Limits.Cpu.UNLIMITED, new Limits.Memory(bytes, swap), null, List.of(), List.of());
    }

    @Test
    void whatNoLongerFitsIntoMemoryMayGoWhereMoreSwapIsGivenAtTheSameTime() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, SOME);

        List<String> log = logOf(() -> tree.update(ALICE, SHOP, swapping(4 << 20, 3 << 20)));

        assertThat(log.stream().filter(line -> line.contains("/shop/memory.")))
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .containsExactly(
                        "memory.swap.max=3145728",
                        "memory.reclaim=4194304",
                        "memory.swap.max=3145728",
                        "memory.max=4194304");
    }

    @Test
    void moreSwapThatDoesNotSufficeIsTakenBack() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, SOME);

        List<String> log = logOf(() -> assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.update(ALICE, SHOP, swapping(1 << 20, 1 << 20)))
                .withMessageContaining("set memory.maxBytes")
                .withMessageContaining("5242880 bytes are in use"));

        assertThat(log.getLast()).endsWith("memory.swap.max=0");
        // What is out there by now was pushed there by us: it must not be in the way of what is no lower.
        tree.update(ALICE, SHOP, swapping(16 << 20, 0));
    }

    @Test
    void nothingIsPushedOutForMoreSwapThatCannotSuffice() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, SOME);
        fs.put(LEAF, "memory.stat", "anon 7340032\nshmem 1048576\n");

        List<String> log = logOf(() -> assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.update(ALICE, SHOP, swapping(4 << 20, 3 << 20)))
                .withMessageContaining("set memory.maxBytes")
                .withMessageContaining("8388608 bytes are in use, with what is swapped out"));

        assertThat(log).isEmpty();
    }

    /** Else what does not fit into memory would go where the new limits have no room for it. */
    @Test
    void lessSwapIsGivenBeforeMemoryIsGivenBack() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, swapping(16 << 20, 8 << 20));

        List<String> log = logOf(() -> tree.update(ALICE, SHOP, swapping(7 << 20, 0)));

        assertThat(log.stream().filter(line -> line.contains("/shop/memory.")))
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .startsWith("memory.swap.max=0", "memory.reclaim=1048576");
    }

    @Test
    void swapThatSomebodyElseGaveIsTakenBackWhateverIsOutThere() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, SOME);
        fs.put(LEAF, "memory.swap.max", "max\n");
        fs.put(LEAF, "memory.swap.current", "4194304\n");

        assertThat(logOf(() -> tree.update(ALICE, SHOP, swapping(16 << 20, 0))))
                .anyMatch(line -> line.endsWith("/shop/memory.swap.max=0"));
    }

    /** A slice has no processes of its own, and what is in it is asked before. */
    @Test
    void aSliceMayHaveLessSwapThanIsOutThere() {
        CgroupTree tree = open();
        tree.limitOwner(ALICE, swapping(16 << 20, 8 << 20));
        fs.put(FakeCgroupFs.MOUNT.resolve("root.slice/landlord/alice"), "memory.swap.current", "4194304\n");

        assertThat(logOf(() -> tree.limitOwner(ALICE, swapping(16 << 20, 0))))
                .anyMatch(line -> line.endsWith("/alice/memory.swap.max=0"));
    }

    @Test
    void aLimitBelowWhatIsSwappedOutIsRefusedBeforeAnythingIsWritten() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, swapping(16 << 20, 1 << 30));
        fs.put(LEAF, "memory.swap.current", "1073741824\n");

        List<String> log = logOf(() -> assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.update(ALICE, SHOP, swapping(16 << 20, 4 << 20)))
                .withMessage(
                        "set memory.swapMaxBytes " + LEAF + "/memory.swap.current: 1073741824 bytes are swapped out"));

        assertThat(log).isEmpty();
        tree.update(ALICE, SHOP, swapping(16 << 20, 1 << 30));
    }

    /** The kernel still counts some of what is free again. */
    @Test
    void whatWasLeftInSwapKeepsNobodyFromHavingNone() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, swapping(16 << 20, 8 << 20));
        fs.put(LEAF, "memory.swap.current", "262144\n");

        tree.update(ALICE, SHOP, swapping(16 << 20, 0));
    }

    /** Looking is not lowering: what somebody else has let grow is found, and not taken back by that. */
    @Test
    void limitsAreReadAlsoWhereMoreIsInUseThanTheyAllow() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, SOME);

        assertThat(logOf(() ->
                        assertThat(tree.read(ALICE, SHOP, swapping(4 << 20, 0))).isNotEmpty()))
                .isEmpty();
    }

    @Test
    void freezingAndKillingAreOneWriteEach() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, Limits.NONE);

        assertThat(logOf(() -> tree.freeze(ALICE, SHOP)))
                .containsExactly("root.slice/landlord/alice/shop/cgroup.freeze=1");
        assertThat(tree.frozen(ALICE, SHOP)).isTrue();
        assertThat(logOf(() -> tree.thaw(ALICE, SHOP)))
                .containsExactly("root.slice/landlord/alice/shop/cgroup.freeze=0");
        assertThat(logOf(() -> tree.freezeOwner(ALICE))).containsExactly("root.slice/landlord/alice/cgroup.freeze=1");
        assertThat(logOf(() -> tree.thawOwner(ALICE))).containsExactly("root.slice/landlord/alice/cgroup.freeze=0");
        assertThat(logOf(() -> tree.kill(ALICE, SHOP))).containsExactly("root.slice/landlord/alice/shop/cgroup.kill=1");
    }

    @Test
    void withoutOneWriteForAllEachIsKilledWhileFrozen() throws InterruptedException {
        open();
        fs.forget(FakeCgroupFs.MOUNT.resolve("root.slice/landlord/cgroup.kill"));
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, Limits.NONE);
        try (Member member = Member.start(List.of(), Member.SLEEP)) {
            fs.put(LEAF, "cgroup.procs", member.pid() + "\n");

            List<String> log = logOf(() -> tree.kill(ALICE, SHOP));

            assertThat(member.exitCode()).isEqualTo(137);
            assertThat(log).startsWith("root.slice/landlord/alice/shop/cgroup.freeze=1");
            assertThat(log).endsWith("root.slice/landlord/alice/shop/cgroup.freeze=0");
        }
        assertThat(logOf(() -> tree.kill(ALICE, SHOP))).as("nobody is left").isEmpty();
    }

    @Test
    void usageIsReadFromWhereVersion2HasIt() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, SOME);

        assertThat(tree.usage(ALICE, SHOP))
                .isEqualTo(new Usage(
                        7_000,
                        5_000,
                        2_000,
                        0,
                        0,
                        0,
                        8_388_608,
                        8_384_512,
                        4096,
                        8192,
                        0,
                        16_777_216,
                        3,
                        2,
                        4,
                        10,
                        20,
                        PressureStall.NONE));
        assertThat(tree.oomKills(ALICE, SHOP)).isEqualTo(2);
    }

    @Test
    void whatOthersPutIntoOurSubtreeIsNotASandbox() throws java.io.IOException {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, Limits.NONE);
        fs.makeDirectory(FakeCgroupFs.MOUNT.resolve("root.slice/landlord/init.scope"));
        fs.makeDirectory(FakeCgroupFs.MOUNT.resolve("root.slice/landlord/init.scope/inner"));
        fs.makeDirectory(FakeCgroupFs.MOUNT.resolve("root.slice/landlord/supervisors/inner"));

        assertThat(tree.list()).containsExactly(new CgroupTree.Leaf(ALICE, SHOP));
    }

    @Test
    void theSliceGoesOnlyWhenItIsEmptyAndTheRootOnlyAfterIt() {
        CgroupTree tree = open();
        tree.create(ALICE, SHOP, Limits.NONE);

        assertThatExceptionOfType(SandboxException.class).isThrownBy(() -> tree.removeOwner(ALICE));
        tree.remove(ALICE, SHOP);
        tree.remove(ALICE, SHOP);
        assertThatExceptionOfType(SandboxException.class).isThrownBy(tree::removeRoot);
        tree.removeOwner(ALICE);
        tree.removeOwner(ALICE);
        tree.removeRoot();
        tree.removeRoot();
        assertThat(fs.exists(FakeCgroupFs.MOUNT.resolve("root.slice/landlord"))).isFalse();
    }
}
