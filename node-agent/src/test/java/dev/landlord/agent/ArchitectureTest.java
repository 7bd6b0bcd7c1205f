package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import dev.landlord.architecture.HouseRules;
import dev.landlord.architecture.RoomPlan;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

class ArchitectureTest {
    private static final String BASE = "dev.landlord.agent";
    private static final RoomPlan ROOMS = RoomPlan.of(BASE)
            .tie(RoomPlan.ROOT)
            .room("address")
            .room("diff")
            .room("identity")
            .room("lease")
            .room("sync", "address", "identity", "lease")
            .room("image")
            .room("inventory")
            .room("network")
            .room("health")
            .room("protection")
            .room("ledger", "diff")
            .room("join", "address", "identity", "sync")
            .room("sandbox", "diff", "image", "network")
            .room("drift", "diff", "sandbox")
            .room("metrics", "diff", "sandbox")
            .room("stream", "diff", "sandbox", "sync")
            .room(
                    "reconcile",
                    "diff",
                    "drift",
                    "health",
                    "ledger",
                    "metrics",
                    "network",
                    "sandbox",
                    "sync",
                    "inventory");
    private static final JavaClasses CLASSES = ROOMS.importMain();

    @Test
    void keepsTheRulesOfTheHouse() {
        // Checks at a pace of their own, loops that back off after a failed call, and the tail of a log, which gives no
        // event when it grows.
        HouseRules.checkAll(
                CLASSES,
                BASE,
                BASE + ".health.HealthChecks",
                BASE + ".sync.DesiredLoop",
                BASE + ".sync.ReportLoop",
                BASE + ".join.Joining",
                BASE + ".join.Renewal",
                BASE + ".stream.LogStreams");
        HouseRules.nativeCodeOnlyIn().check(CLASSES);
        // debootstrap and mmdebstrap are programs of the host; they run on a plain platform thread, never beside a
        // launch.
        HouseRules.nobodyForksBut(BASE + ".image.recipe").check(CLASSES);
        // Why it could not start, in one line, when no logger is there yet.
        HouseRules.logsInsteadOfPrinting(BASE + ".NodeAgentApplication").check(CLASSES);
    }

    @Test
    void seesTheWireContractAndTheFaceOfTheRuntime() {
        HouseRules.seesOfOtherModules(
                        BASE,
                        "dev.landlord.api..",
                        "dev.landlord.runtime",
                        "dev.landlord.runtime.engine.LinuxSandboxRuntime")
                .check(CLASSES);
    }

    @Test
    void followsItsArrows() {
        ROOMS.arrows().check(CLASSES);
        ROOMS.everyNamedRoomExists().check(CLASSES);
    }

    @Test
    void decidingIsPure() {
        HouseRules.pure(ROOMS.packageOf("diff")).check(CLASSES);
    }

    /** Nothing is scanned for, so a part that nobody imports would compile, be tested, and never run. */
    @Test
    void theApplicationImportsEveryPart() {
        Set<String> imported = Arrays.stream(
                        NodeAgentApplication.class.getAnnotation(Import.class).value())
                .map(Class::getName)
                .collect(Collectors.toSet());
        assertThat(CLASSES.stream()
                        .filter(type -> type.isAnnotatedWith(Component.class))
                        .map(JavaClass::getName))
                .isNotEmpty()
                .isSubsetOf(imported);
    }
}
