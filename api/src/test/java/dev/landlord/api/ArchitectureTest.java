package dev.landlord.api;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.landlord.architecture.HouseRules;
import dev.landlord.architecture.RoomPlan;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String BASE = "dev.landlord.api";
    private static final RoomPlan ROOMS = RoomPlan.of(BASE)
            .room("id")
            .room("problem")
            .room("label")
            .room("rlimit")
            .room("workload", "id", "label", "rlimit")
            .room("plan", "workload")
            .room("network", "id", "workload")
            .room("node", "id", "network")
            .room("exec", "workload")
            .room("join", "id")
            .room("sync", "exec", "id", "network", "node", "workload");
    private static final JavaClasses CLASSES = ROOMS.importMain();

    @Test
    void keepsTheRulesOfTheHouse() {
        HouseRules.checkAll(CLASSES, BASE);
        HouseRules.nativeCodeOnlyIn().check(CLASSES);
        HouseRules.seesOfOtherModules(BASE).check(CLASSES);
        HouseRules.nobodyForksBut().check(CLASSES);
    }

    @Test
    void followsItsArrows() {
        ROOMS.arrows().check(CLASSES);
        ROOMS.everyNamedRoomExists().check(CLASSES);
    }

    @Test
    void isPureWhole() {
        HouseRules.pure(BASE + "..").check(CLASSES);
    }
}
