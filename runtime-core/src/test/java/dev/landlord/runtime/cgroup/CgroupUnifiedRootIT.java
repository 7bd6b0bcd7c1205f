package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.RuntimeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Version 2 without controllers, as a hybrid host has it: groups, freezing, killing and times work, limits are refused. */
@Tag("root")
class CgroupUnifiedRootIT extends CgroupTreeContract {
    @Override
    CgroupTree open(RuntimeConfig config) {
        return Cgroups.open(config, CgroupMode.V2);
    }

    @Override
    Limits everything() {
        return Limits.NONE;
    }

    @Override
    Map<Path, String> expected(String group, Limits limits) {
        return Map.of(MOUNT.resolve("unified").resolve(group).resolve("cgroup.controllers"), "");
    }

    @Test
    void everyLimitIsRefusedByName() {
        Map<String, Limits> one = Map.of(
                "cpu.weight", new Limits(50, null, null, null, null, List.of()),
                "cpu.maxMillis", new Limits(100, 100L, null, null, null, List.of()),
                "memory.maxBytes", new Limits(100, null, MIB, null, null, List.of()),
                "pidsMax", new Limits(100, null, null, 5L, null, List.of()));
        one.forEach((field, limits) -> assertThat(
                        org.assertj.core.api.Assertions.catchThrowable(() -> tree.create(ALICE, SHOP, limits)))
                .hasMessageContaining("set " + field));
        assertThat(tree.list()).isEmpty();
    }
}
