package dev.landlord.controlplane;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.landlord.architecture.HouseRules;
import dev.landlord.architecture.RoomPlan;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String BASE = "dev.landlord.controlplane";
    private static final RoomPlan ROOMS = RoomPlan.of(BASE)
            .tie(RoomPlan.ROOT)
            .room("clock")
            .room("store")
            .room("tls")
            .room("network")
            .room("scheduler", "network")
            .room("credential", "store", "tls")
            .room("replica", "network", "store", "tls")
            .room("ratelimit", "credential")
            .room("web", "credential", "ratelimit", "store", "tls")
            .room("query", "web")
            .room("revision", "query", "store", "web")
            .room("audit", "credential", "query", "store", "web")
            .room("page", "query", "web")
            .room("label", "query", "web")
            .room("idempotency", "credential", "store", "web")
            .room("watch", "credential", "query", "ratelimit", "store", "web")
            .room("certificate", "credential", "store", "tls", "web")
            .room("backup", "store", "web")
            .room("event", "store", "watch", "web")
            .room("tenant", "audit", "credential", "event", "page", "revision", "store", "watch", "web")
            .room("token", "audit", "credential", "store", "tenant", "web")
            .room("rlimit", "web")
            .room(
                    "workload",
                    "audit",
                    "event",
                    "label",
                    "page",
                    "revision",
                    "rlimit",
                    "store",
                    "tenant",
                    "watch",
                    "web")
            .room(
                    "node",
                    "audit",
                    "clock",
                    "credential",
                    "event",
                    "network",
                    "page",
                    "replica",
                    "store",
                    "tls",
                    "watch",
                    "web")
            .room(
                    "allocation",
                    "event",
                    "label",
                    "network",
                    "node",
                    "page",
                    "scheduler",
                    "store",
                    "tenant",
                    "watch",
                    "web",
                    "workload")
            .room("drift", "allocation", "event", "scheduler")
            .room(
                    "sync",
                    "allocation",
                    "certificate",
                    "credential",
                    "drift",
                    "event",
                    "network",
                    "node",
                    "store",
                    "tls",
                    "web",
                    "workload")
            .room(
                    "exec",
                    "allocation",
                    "certificate",
                    "credential",
                    "event",
                    "node",
                    "ratelimit",
                    "scheduler",
                    "store",
                    "sync",
                    "tenant",
                    "web")
            .room("discovery", "node", "replica", "store", "tls")
            .room(
                    "metrics",
                    "allocation",
                    "credential",
                    "node",
                    "ratelimit",
                    "reconcile",
                    "replica",
                    "scheduler",
                    "tenant",
                    "tls",
                    "workload")
            .tie("reconcile");
    private static final JavaClasses CLASSES = ROOMS.importMain();

    @Test
    void keepsTheRulesOfTheHouse() {
        // The pause after a failed pass of the one loop.
        HouseRules.checkAll(CLASSES, BASE, BASE + ".reconcile.ReconcileLoop");
        HouseRules.nativeCodeOnlyIn().check(CLASSES);
        HouseRules.nobodyForksBut().check(CLASSES);
        // Why it could not start, in one line, when no logger is there yet.
        HouseRules.logsInsteadOfPrinting(BASE + ".ControlPlaneApplication").check(CLASSES);
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

    @Test
    void schedulingIsPure() {
        HouseRules.pure(ROOMS.packageOf("scheduler"), ROOMS.packageOf("network"))
                .check(CLASSES);
    }

    @Test
    void controllersStayInTheirRooms() {
        ArchRuleDefinition.classes()
                .that()
                .areAnnotatedWith("org.springframework.web.bind.annotation.RestController")
                .should()
                .bePackagePrivate()
                .because("a controller is the edge of a room; whoever wants the same calls what the controller calls")
                .check(CLASSES);
    }
}
