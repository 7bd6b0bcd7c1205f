package dev.landlord.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule is seen to report the fault that was planted for it. */
class HouseRulesTest {
    private static final String FIXTURE = "dev.landlord.architecture.fixture";

    static Stream<Arguments> plantedFaults() {
        return Stream.of(
                Arguments.of("unmarked", HouseRules.everyRoomIsNullMarked(), "Bare"),
                Arguments.of("crowd", HouseRules.everyRoomIsSmall("nowhere"), "has 16 classes"),
                Arguments.of("naming", HouseRules.namesAreNounsOfTheDomain(), "ThingManager"),
                Arguments.of("naming", HouseRules.noGenericExceptions(), "ThingManager"),
                Arguments.of("cycle", HouseRules.noCyclesBetweenRooms(FIXTURE + ".cycle"), "Cycle detected"),
                Arguments.of("statics", HouseRules.noStaticMutableState(), "Counter.count"),
                Arguments.of("statics", HouseRules.noStaticMutableState(), "Cache.KNOWN"),
                Arguments.of("waiting", HouseRules.nobodySleepsBut(), "Sleeper"),
                Arguments.of("impure", HouseRules.nativeCodeOnlyIn("nowhere.."), "TouchesMemory"),
                Arguments.of("impure", HouseRules.nobodyForksBut("nowhere.."), "StartsProgram"),
                Arguments.of("impure", HouseRules.logsInsteadOfPrinting(), "StartsProgram"),
                Arguments.of("impure", HouseRules.pure(FIXTURE + ".impure.."), "ReadsClock"),
                Arguments.of("impure", HouseRules.pure(FIXTURE + ".impure.."), "ReadsFile"),
                Arguments.of("impure", HouseRules.pure(FIXTURE + ".impure.."), "DrawsLots"),
                Arguments.of("cycle", HouseRules.seesOfOtherModules(FIXTURE + ".cycle.first"), "Egg"),
                Arguments.of("cycle", henOnly().arrows(), "first must not see second"),
                Arguments.of(
                        "cycle",
                        RoomPlan.of(FIXTURE + ".cycle").room("first", "second").arrows(),
                        "does not name"),
                Arguments.of("cycle", henOnly().room("third").everyNamedRoomExists(), "'third'"));
    }

    private static RoomPlan henOnly() {
        return RoomPlan.of(FIXTURE + ".cycle").room("first").room("second", "first");
    }

    @ParameterizedTest
    @MethodSource("plantedFaults")
    void reportsThePlantedFault(String room, ArchRule rule, String named) {
        EvaluationResult result = rule.evaluate(fixture(room));
        assertThat(result.hasViolation()).isTrue();
        assertThat(result.getFailureReport().toString()).contains(named);
    }

    @Test
    void leavesTheExemptAlone() {
        JavaClasses waiting = fixture("waiting");
        HouseRules.nobodySleepsBut(FIXTURE + ".waiting.Sleeper").check(waiting);
        HouseRules.everyRoomIsNullMarked().check(waiting);
        HouseRules.nobodyForksBut(FIXTURE + ".impure..").check(fixture("impure"));
        HouseRules.seesOfOtherModules(FIXTURE + ".cycle.first", FIXTURE + ".cycle.second.Hen")
                .check(new ClassFileImporter().importPackages(FIXTURE + ".cycle.first"));
        RoomPlan.of(FIXTURE + ".cycle")
                .room("first", "second")
                .tie("second")
                .arrows()
                .check(fixture("cycle"));
    }

    private static JavaClasses fixture(String room) {
        return new ClassFileImporter().importPackages(FIXTURE + "." + room);
    }
}
