package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.limit.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is version 1's own. */
abstract class V1LimitsContract extends CgroupLimitsContract {
    @Override
    Map<Path, String> expected(String group, Limits limits) {
        Map<Path, String> texts = new HashMap<>();
        String noLimit = "9223372036854771712";
        String memory = limits.memory().maxBytes() == null
                ? noLimit
                : limits.memory().maxBytes().toString();
        put(texts, "memory", group, "memory.limit_in_bytes", memory);
        put(texts, "memory", group, "memory.memsw.limit_in_bytes", memory);
        put(
                texts,
                "cpu",
                group,
                "cpu.shares",
                "" + Scale.sharesOfWeight(limits.cpu().weight()));
        String quota =
                limits.cpu().maxMillis() == null ? "-1" : "" + limits.cpu().maxMillis() * 100;
        put(texts, "cpu", group, "cpu.cfs_quota_us", quota);
        put(texts, "pids", group, "pids.max", limits.pidsMax() == null ? "max" : "" + limits.pidsMax());
        put(texts, "cpuset", group, "cpuset.cpus", "0-1");
        IoLimit io = limits.io().isEmpty()
                ? new IoLimit(0, 0, null, null, null, null)
                : limits.io().getFirst();
        putIo(texts, group, "read_bps_device", io, io.readBytesPerSecond());
        putIo(texts, group, "write_bps_device", io, io.writeBytesPerSecond());
        putIo(texts, group, "read_iops_device", io, io.readOpsPerSecond());
        putIo(texts, group, "write_iops_device", io, io.writeOpsPerSecond());
        return texts;
    }

    private static void putIo(Map<Path, String> texts, String group, String file, IoLimit io, @Nullable Long value) {
        String line = value == null ? "" : io.major() + ":" + io.minor() + " " + value;
        put(texts, "blkio", group, "blkio.throttle." + file, line);
    }

    private static void put(Map<Path, String> texts, String controller, String group, String file, String value) {
        texts.put(MOUNT.resolve(controller).resolve(group).resolve(file), value);
    }

    @Test
    void timeMayBeSavedUp() throws IOException {
        Limits saving = new Limits(
                new Limits.Cpu(100, 200L, 20_000L, null), Limits.Memory.UNLIMITED, null, List.of(), List.of());
        tree.create(ALICE, SHOP, saving);
        assertThat(Files.readString(MOUNT.resolve("cpu").resolve(root).resolve("alice/shop-1/cpu.cfs_burst_us")))
                .isEqualTo("20000\n");
    }

    @Test
    void swapIsOnTopOfMemoryAndMovesWithIt() throws IOException {
        Path both = MOUNT.resolve("memory").resolve(root).resolve("alice/shop-1/memory.memsw.limit_in_bytes");
        tree.create(ALICE, SHOP, swapping(16 * MIB, 8 * MIB));
        assertThat(Files.readString(both)).isEqualTo(24 * MIB + "\n");

        for (Limits next : List.of(swapping(8 * MIB, 0), swapping(64 * MIB, 4 * MIB), swapping(32 * MIB, 64 * MIB))) {
            tree.update(ALICE, SHOP, next);
            long bytes = Objects.requireNonNull(next.memory().maxBytes())
                    + next.memory().swapMaxBytes();
            assertThat(Files.readString(both)).isEqualTo(bytes + "\n");
        }
    }

    private static Limits swapping(long bytes, long swap) {
        return new Limits(Limits.Cpu.UNLIMITED, new Limits.Memory(bytes, swap), null, List.of(), List.of());
    }

    /** The disk's scheduler does not weigh unless a host was set up for it. */
    @Test
    void aWeightThatNobodyWeighsIsRefusedByName() {
        IoLimit disk = diskLimit();
        Limits weighed = new Limits(
                100,
                null,
                null,
                null,
                null,
                List.of(new IoLimit(disk.major(), disk.minor(), null, null, null, null, 500)));

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.create(ALICE, SHOP, weighed))
                .satisfies(e -> assertThat(e.operation()).isEqualTo("set io.weight"));
        assertThat(tree.exists(ALICE, SHOP)).isFalse();
    }

    @Test
    void theListOfDevicesIsShown() throws IOException {
        tree.create(ALICE, SHOP, Limits.NONE);

        assertThat(Files.readAllLines(MOUNT.resolve("devices").resolve(root).resolve("alice/shop-1/devices.list")))
                .containsExactlyInAnyOrder(
                        "c 1:3 rwm",
                        "c 1:5 rwm",
                        "c 1:7 rwm",
                        "c 1:8 rwm",
                        "c 1:9 rwm",
                        "c 5:0 rwm",
                        "c 5:1 rwm",
                        "c 5:2 rwm",
                        "c 136:* rwm");
    }

    @Test
    void whatIsThereAlreadyInOneHierarchyLeavesNoGroupsInTheOthers() throws IOException {
        tree.create(ALICE, new SandboxId("other"), Limits.NONE);
        Path last = Objects.requireNonNull(tree.joinFiles(ALICE, SHOP).getLast().getParent());
        Files.createDirectory(last);

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.create(ALICE, SHOP, Limits.NONE))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(SandboxException.Kind.ALREADY_EXISTS))
                .satisfies(e -> assertThat(e.object()).isEqualTo(last.toString()));
        assertThat(tree.joinFiles(ALICE, SHOP))
                .filteredOn(file -> Files.exists(file))
                .containsExactly(last.resolve("cgroup.procs"));
    }

    @Test
    void aSandboxMayNotHaveMoreCpuThanItsSlice() {
        tree.limitOwner(ALICE, new Limits(100, 100L, null, null, null, List.of()));
        Limits more = new Limits(100, 200L, null, null, null, List.of());

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> tree.create(ALICE, SHOP, more))
                .satisfies(e -> assertThat(e.operation()).isEqualTo("set cpu.maxMillis"))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(22));
        assertThat(tree.exists(ALICE, SHOP)).isFalse();
    }

    @Test
    void supervisorsLeaveOnlyTheGroupsThatMatter() {
        assertThat(tree.supervisorJoinFiles())
                .contains(MOUNT.resolve("memory").resolve(root).resolve("supervisors/cgroup.procs"));
    }

    @Test
    void aSandboxIsBornInNoGroup() {
        assertThat(tree.birthDirectory(ALICE, SHOP)).isEmpty();
    }
}
