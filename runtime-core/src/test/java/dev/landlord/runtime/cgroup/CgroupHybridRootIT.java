package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.RuntimeConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a host whose controllers are on version 1 with version 2 mounted beside them. */
@Tag("root")
class CgroupHybridRootIT extends V1LimitsContract {
    @Override
    CgroupTree open(RuntimeConfig config) {
        return Cgroups.open(config);
    }

    @Test
    void thisHostIsHybridAndVersion2IsJoinedLast() {
        assertThat(tree.mode()).isEqualTo(CgroupMode.HYBRID);
        assertThat(tree.joinFiles(ALICE, SHOP).getLast()).startsWithRaw(MOUNT.resolve("unified"));
    }
}
