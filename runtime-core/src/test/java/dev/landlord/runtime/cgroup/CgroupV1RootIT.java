package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.RuntimeConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Version 1 alone: where version 2 is mounted too, it is left aside. */
@Tag("root")
class CgroupV1RootIT extends V1LimitsContract {
    @Override
    CgroupTree open(RuntimeConfig config) {
        return Cgroups.open(config, CgroupMode.V1);
    }

    @Test
    void version2IsNotTouched() {
        tree.create(ALICE, SHOP, everything());

        assertThat(tree.joinFiles(ALICE, SHOP)).hasSize(8).noneMatch(f -> f.startsWith(MOUNT.resolve("unified")));
        assertThat(MOUNT.resolve("unified").resolve(root)).doesNotExist();
        assertThat(tree.joinFiles(ALICE, SHOP)).allMatch(f -> f.endsWith(Path.of("alice/shop-1/cgroup.procs")));
    }
}
