package dev.landlord.runtime;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.landlord.architecture.HouseRules;
import dev.landlord.architecture.RoomPlan;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String BASE = "dev.landlord.runtime";
    private static final RoomPlan ROOMS = RoomPlan.of(BASE)
            .room(RoomPlan.ROOT)
            .room("linux")
            .room("proc", RoomPlan.ROOT)
            .room("plan", RoomPlan.ROOT)
            .room("seccomp", RoomPlan.ROOT, "linux")
            .room("limit", RoomPlan.ROOT, "proc")
            .room("cgroup", RoomPlan.ROOT, "proc", "linux", "limit")
            .room("facts", RoomPlan.ROOT, "cgroup", "proc")
            .room("netlink", RoomPlan.ROOT)
            .room("network", RoomPlan.ROOT, "netlink", "linux")
            .room("launch", RoomPlan.ROOT, "plan", "linux")
            .room("state", RoomPlan.ROOT, "linux")
            .room("exec", RoomPlan.ROOT, "launch", "plan", "linux", "state")
            .tie("engine");
    private static final JavaClasses CLASSES = ROOMS.importMain();

    @Test
    void keepsTheRulesOfTheHouse() {
        // The kernel gives no event for a group that becomes empty on version 1; the wait is bounded.
        HouseRules.checkAll(CLASSES, BASE, BASE + ".cgroup.Faults");
        HouseRules.nativeCodeOnlyIn(ROOMS.packageOf("linux")).check(CLASSES);
        // Probes limits on a real process, loads the table of nftables: at start, by a ProcessBuilder, which does not
        // fork.
        HouseRules.nobodyForksBut(ROOMS.packageOf("facts"), ROOMS.packageOf("network"))
                .check(CLASSES);
        HouseRules.seesOfOtherModules(BASE).check(CLASSES);
        HouseRules.logsInsteadOfPrinting().check(CLASSES);
    }

    @Test
    void followsItsArrows() {
        ROOMS.arrows().check(CLASSES);
        ROOMS.everyNamedRoomExists().check(CLASSES);
    }

    @Test
    void plansAndParsersArePure() {
        HouseRules.pure(
                        ROOMS.packageOf("plan"),
                        ROOMS.packageOf("limit"),
                        ROOMS.packageOf("netlink"),
                        ROOMS.packageOf("proc"),
                        BASE)
                .check(CLASSES);
    }
}
