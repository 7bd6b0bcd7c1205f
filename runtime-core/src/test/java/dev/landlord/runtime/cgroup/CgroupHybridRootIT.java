package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a host whose controllers are on version 1 with version 2 mounted beside them. */
@Tag("root")
class CgroupHybridRootIT extends V1LimitsContract {
    @Override
    CgroupTree open(RuntimeConfig config) {
        return Cgroups.open(config);
    }

    private static final Path HANDED_DOWN = MOUNT.resolve("unified/cgroup.subtree_control");

    private boolean hadHugePages;

    @BeforeEach
    void seeWhatIsHandedDown() throws IOException {
        hadHugePages = handsDownHugePages();
    }

    /** The root of the hierarchy is the host's; it gets its controller back when nobody below has it any more. */
    @Override
    @AfterEach
    void leaveNothing() throws InterruptedException, IOException {
        super.leaveNothing();
        if (!hadHugePages && handsDownHugePages()) {
            Files.writeString(HANDED_DOWN, "-hugetlb\n");
            assertThat(handsDownHugePages()).isFalse();
        }
    }

    private static boolean handsDownHugePages() throws IOException {
        return List.of(Files.readString(HANDED_DOWN).strip().split(" ", -1)).contains("hugetlb");
    }

    /** Its controller is on version 2 here, and handed down only when somebody asks for it. */
    @Test
    void hugePagesAreLimitedWhereTheirControllerIs() throws IOException {
        Path slice = MOUNT.resolve("unified").resolve(root).resolve("alice");
        tree.create(ALICE, SHOP, Limits.NONE);
        assertThat(slice.resolve("shop-1/hugetlb.2MB.max")).doesNotExist();
        SandboxId second = new SandboxId("second");
        Limits none = new Limits(
                Limits.Cpu.UNLIMITED,
                Limits.Memory.UNLIMITED,
                null,
                List.of(),
                List.of(new Limits.HugePages("2MB", 0)));

        tree.create(ALICE, second, none);
        assertThat(slice.resolve("second/hugetlb.2MB.max")).hasContent("0");
        tree.update(ALICE, SHOP, none);
        assertThat(slice.resolve("shop-1/hugetlb.2MB.max")).hasContent("0");
        tree.update(ALICE, SHOP, Limits.NONE);
        assertThat(slice.resolve("shop-1/hugetlb.2MB.max")).hasContent("max");
    }

    @Test
    void waitingIsCounted() {
        tree.create(ALICE, SHOP, new Limits(100, 50L, null, null, null, List.of()));
        join(ALICE, SHOP, Member.SPIN);

        await(() -> tree.usage(ALICE, SHOP).pressure().cpuSomeMicros() > 0);
    }

    @Test
    void thisHostIsHybridAndVersion2IsJoinedLast() {
        assertThat(tree.mode()).isEqualTo(CgroupMode.HYBRID);
        assertThat(tree.joinFiles(ALICE, SHOP).getLast()).startsWithRaw(MOUNT.resolve("unified"));
    }
}
