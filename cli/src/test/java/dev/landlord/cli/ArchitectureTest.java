package dev.landlord.cli;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.landlord.architecture.HouseRules;
import dev.landlord.architecture.RoomPlan;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String BASE = "dev.landlord.cli";
    private static final RoomPlan ROOMS = RoomPlan.of(BASE)
            .room(RoomPlan.ROOT, "command", "terminal")
            .room("failure")
            .room("terminal")
            .room("config", "failure", "terminal")
            .room("manifest", "failure")
            .room("render", "failure", "terminal")
            .room("client", "config", "failure")
            .room("session", "client", "config", "failure", "render", "terminal")
            .room("logs", "client", "failure", "render", "session", "terminal")
            .room("exec", "client", "failure", "logs", "render", "session", "terminal")
            .room("usage", "client", "config", "failure", "render", "session", "terminal")
            .room("dev", "client", "config", "failure", "render", "session", "terminal")
            .room("access", "client", "failure", "render", "session", "terminal")
            .room("watch", "client", "failure", "render", "session", "terminal")
            .room("join", "failure", "session", "terminal")
            .tie("command");
    private static final JavaClasses CLASSES = ROOMS.importMain();

    @Test
    void keepsTheRulesOfTheHouse() {
        // --wait asks again: the REST API has no call that waits.
        HouseRules.checkAll(CLASSES, BASE, BASE + ".session.Patience");
        HouseRules.nativeCodeOnlyIn().check(CLASSES);
    }

    @Test
    void seesOnlyTheWireContract() {
        HouseRules.seesOfOtherModules(BASE, "dev.landlord.api..").check(CLASSES);
    }

    @Test
    void followsItsArrows() {
        ROOMS.arrows().check(CLASSES);
        ROOMS.everyNamedRoomExists().check(CLASSES);
    }
}
