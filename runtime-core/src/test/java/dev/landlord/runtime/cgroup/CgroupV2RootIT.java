package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.RuntimeConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a host with version 2 alone. */
@Tag("cgroup2")
class CgroupV2RootIT extends CgroupLimitsContract {
    @Override
    CgroupTree open(RuntimeConfig config) {
        return Cgroups.open(config);
    }

    @Override
    Map<Path, String> expected(String group, Limits limits) {
        Map<Path, String> texts = new HashMap<>();
        Path directory = MOUNT.resolve(group);
        boolean memory = limits.memory().maxBytes() != null;
        texts.put(directory.resolve("memory.max"), memory ? "" + limits.memory().maxBytes() : "max");
        texts.put(directory.resolve("memory.swap.max"), memory ? "0" : "max");
        texts.put(directory.resolve("cpu.weight"), "" + limits.cpu().weight());
        String quota =
                limits.cpu().maxMillis() == null ? "max" : "" + limits.cpu().maxMillis() * 100;
        texts.put(directory.resolve("cpu.max"), quota + " 100000");
        texts.put(directory.resolve("pids.max"), limits.pidsMax() == null ? "max" : "" + limits.pidsMax());
        texts.put(directory.resolve("cpuset.cpus.effective"), "0-1");
        texts.put(
                directory.resolve("io.max"),
                limits.io().isEmpty() ? "" : line(limits.io().getFirst()));
        texts.put(directory.resolve("memory.oom.group"), group.equals(root + "/alice") ? "0" : "1");
        return texts;
    }

    private static String line(IoLimit io) {
        return "%d:%d rbps=%s wbps=%s riops=%s wiops=%s"
                .formatted(
                        io.major(),
                        io.minor(),
                        orMax(io.readBytesPerSecond()),
                        orMax(io.writeBytesPerSecond()),
                        orMax(io.readOpsPerSecond()),
                        orMax(io.writeOpsPerSecond()));
    }

    private static String orMax(@Nullable Long value) {
        return value == null ? "max" : value.toString();
    }

    @Test
    void aSandboxCanBeBornInItsGroup() {
        tree.create(ALICE, SHOP, everything());

        assertThat(tree.mode()).isEqualTo(CgroupMode.V2);
        assertThat(tree.birthDirectory(ALICE, SHOP))
                .contains(MOUNT.resolve(root).resolve("alice/shop-1"));
        assertThat(MOUNT.resolve(root).resolve("alice/shop-1")).isDirectory();
    }

    @Test
    void outOfMemoryEndsTheWholeSandbox() throws InterruptedException {
        tree.create(ALICE, SHOP, new Limits(100, null, 16 * MIB, null, null, List.of()));
        Member bystander = join(ALICE, SHOP, Member.SLEEP);
        Member hog = join(ALICE, SHOP, "x=$(head -c 50000000 /dev/zero | tr '\\0' x); echo survived");

        assertThat(hog.exitCode()).isEqualTo(137);
        assertThat(bystander.exitCode()).isEqualTo(137);
        assertThat(tree.usage(ALICE, SHOP).memoryFailures()).isPositive();
    }
}
