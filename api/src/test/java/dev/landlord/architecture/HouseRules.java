package dev.landlord.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** Rules that hold in every module. Each is a factory, as some take the names of the places that are exempt. */
public final class HouseRules {
    /** Rooms are small enough to be read in one sitting. */
    private static final int TOP_LEVEL_CLASSES_PER_ROOM = 15;

    private HouseRules() {}

    /** Checks the rules that every module keeps, whatever its rooms. */
    public static void checkAll(JavaClasses classes, String basePackage, String... mayWait) {
        for (ArchRule rule : List.of(
                everyRoomIsNullMarked(),
                everyRoomIsSmall(basePackage),
                namesAreNounsOfTheDomain(),
                noCyclesBetweenRooms(basePackage),
                noStaticMutableState(),
                noGenericExceptions(),
                onlyConstructorsInject(),
                nobodySleepsBut(mayWait))) {
            rule.check(classes);
        }
    }

    public static ArchRule everyRoomIsNullMarked() {
        return classes()
                .should(liveInAMarkedPackage())
                .because(
                        "NullAway checks only what says @NullMarked, and a package-info is where a room introduces itself");
    }

    /** @param face the package that is a module's public face: as large as what the module offers */
    public static ArchRule everyRoomIsSmall(String face) {
        return classes()
                .that()
                .resideOutsideOfPackage(face)
                .should(shareTheirRoomWithFew())
                .because("a room of more than " + TOP_LEVEL_CLASSES_PER_ROOM + " classes is two rooms; name the second")
                .allowEmptyShould(true);
    }

    public static ArchRule namesAreNounsOfTheDomain() {
        return classes()
                .that()
                .areTopLevelClasses()
                .should()
                .haveNameNotMatching(".*\\.(\\w*(Util|Utils|Impl|Manager|Helper|Helpers)|Common\\w*|Abstract\\w*)")
                .andShould()
                .resideOutsideOfPackages("..util..", "..utils..", "..common..", "..impl..", "..helper..", "..misc..")
                .because("a name has to say what the thing is; these say only that somebody did not know")
                .allowEmptyShould(true);
    }

    public static ArchRule noCyclesBetweenRooms(String basePackage) {
        return SlicesRuleDefinition.slices()
                .matching(basePackage + ".(*)..")
                .should()
                .beFreeOfCycles()
                .because("rooms that need each other are one room")
                .allowEmptyShould(true);
    }

    public static ArchRule noStaticMutableState() {
        return fields().that()
                .areStatic()
                .and(areWrittenByPeople())
                .should()
                .beFinal()
                .andShould(notBeOfAMutableType())
                .because(
                        "several agents and control planes live in one JVM in tests, and nothing may leak between them")
                .allowEmptyShould(true);
    }

    public static ArchRule noGenericExceptions() {
        return GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS
                .because("a failure names operation, object and errno or field; a generic exception names nothing")
                .allowEmptyShould(true);
    }

    public static ArchRule onlyConstructorsInject() {
        return GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION
                .because("a class that is complete after its constructor can be built in a test without a container")
                .allowEmptyShould(true);
    }

    /** @param mayWait fully qualified names of the classes that have a reason to sleep */
    public static ArchRule nobodySleepsBut(String... mayWait) {
        return noClasses()
                .that(arePartOfNoneOf(mayWait))
                .should()
                .callCodeUnitWhere(DescribedPredicate.describe("sleep", HouseRules::sleeps))
                .because("a sleep is a guess; wait for the event itself: a descriptor, a future, a waiting read")
                .allowEmptyShould(true);
    }

    private static boolean sleeps(JavaCall<?> call) {
        return call.getName().equals("sleep")
                && Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
                        .contains(call.getTarget().getOwner().getName());
    }

    /** @param rooms package patterns; none for a module that must stay free of native code */
    public static ArchRule nativeCodeOnlyIn(String... rooms) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("com.sun.jna..").or(belongToAnyOf(Linker.class, SymbolLookup.class)))
                .orShould()
                .callCodeUnitWhere(DescribedPredicate.describe("reinterpret", HouseRules::unboundsMemory))
                .because("one room mirrors the man pages; everywhere else a wrong pointer must be impossible")
                .allowEmptyShould(true);
    }

    /** A bounded segment, of a mapped file for example, is safe; one that was given other bounds is a pointer. */
    private static boolean unboundsMemory(JavaCall<?> call) {
        return call.getName().equals("reinterpret")
                && call.getTarget().getOwner().getName().equals("java.lang.foreign.MemorySegment");
    }

    /** @param exempt package patterns of rooms that have a reason to start programs */
    public static ArchRule nobodyForksBut(String... exempt) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(exempt)
                .should()
                .dependOnClassesThat(belongToAnyOf(ProcessBuilder.class))
                .orShould()
                .callCodeUnitWhere(DescribedPredicate.describe("Runtime.exec", HouseRules::executes))
                .because("a JVM of many threads must not fork; the native launcher is posix_spawned by the room linux")
                .allowEmptyShould(true);
    }

    private static boolean executes(JavaCall<?> call) {
        return call.getName().equals("exec")
                && call.getTarget().getOwner().getName().equals("java.lang.Runtime");
    }

    /** @param others package patterns, or full names of classes, of other modules that this one may see */
    public static ArchRule seesOfOtherModules(String base, String... others) {
        var own = new ArrayList<>(List.of(others));
        own.add(base + "..");
        var names = Set.of(others);
        return noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.landlord..")
                        .and(not(resideInAnyPackage(own.toArray(String[]::new))))
                        .and(DescribedPredicate.describe(
                                "are none of " + List.of(others), type -> !names.contains(topLevelName(type)))))
                .because("modules meet only at their faces; what lies behind a face may change without asking")
                .allowEmptyShould(true);
    }

    /** @param programs full names of the classes that speak before there is a logger, or after */
    public static ArchRule logsInsteadOfPrinting(String... programs) {
        return noClasses()
                .that(arePartOfNoneOf(programs))
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .because("a service speaks through its logger, with a level and bounded lines")
                .allowEmptyShould(true);
    }

    /** Pure rooms decide and do nothing: no files, network, threads, clock, randomness, environment or logs. */
    public static ArchRule pure(String... rooms) {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms)
                .should()
                .dependOnClassesThat(touchTheWorld())
                .orShould()
                .callCodeUnitWhere(readTheWorld())
                .because("pure rooms get time, randomness, paths and text as arguments, so that a test needs no world")
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> touchTheWorld() {
        return resideInAnyPackage(
                        "java.nio.channels..",
                        "java.net.http..",
                        "javax.net..",
                        "java.sql..",
                        "javax.sql..",
                        "java.util.concurrent..",
                        "java.security..",
                        "org.slf4j..",
                        "org.springframework..",
                        "io.micrometer..",
                        "com.sun.jna..")
                .or(belongToAnyOf(
                        java.io.File.class,
                        java.io.FileInputStream.class,
                        java.io.FileOutputStream.class,
                        java.io.FileReader.class,
                        java.io.FileWriter.class,
                        java.io.RandomAccessFile.class,
                        java.nio.file.Files.class,
                        java.nio.file.FileSystems.class,
                        java.net.Socket.class,
                        java.net.ServerSocket.class,
                        java.net.InetAddress.class,
                        Thread.class,
                        ThreadLocal.class,
                        ProcessBuilder.class,
                        Process.class,
                        Runtime.class,
                        java.util.Timer.class,
                        java.time.Clock.class))
                .as("touch the world (files, network, threads, database, logs)");
    }

    private static DescribedPredicate<JavaCall<?>> readTheWorld() {
        return DescribedPredicate.describe("reads clock, randomness, environment or the file system", call -> {
            var target = call.getTarget();
            var owner = target.getOwner().getName();
            return switch (owner) {
                case "java.lang.System" ->
                    !Set.of("arraycopy", "identityHashCode", "lineSeparator").contains(target.getName());
                case "java.util.UUID" -> target.getName().equals("randomUUID");
                case "java.lang.Math" -> target.getName().equals("random");
                case "java.util.Collections" ->
                    target.getName().equals("shuffle")
                            && target.getRawParameterTypes().size() == 1;
                case "java.nio.file.Path" ->
                    Set.of("toRealPath", "toAbsolutePath", "toFile", "register").contains(target.getName());
                case "java.util.Random", "java.util.SplittableRandom" -> isUnseeded(target);
                default -> owner.startsWith("java.time.") && target.getName().equals("now");
            };
        });
    }

    private static boolean isUnseeded(AccessTarget.CodeUnitCallTarget target) {
        return target.getName().equals("<init>")
                && target.getRawParameterTypes().isEmpty();
    }

    private static DescribedPredicate<JavaClass> arePartOfNoneOf(String... names) {
        var exempt = Set.of(names);
        return DescribedPredicate.describe(
                "are none of " + new TreeSet<>(exempt), type -> !exempt.contains(topLevelName(type)));
    }

    private static String topLevelName(JavaClass type) {
        var top = type;
        while (top.getEnclosingClass().isPresent()) {
            top = top.getEnclosingClass().get();
        }
        return top.getName();
    }

    private static DescribedPredicate<JavaMember> areWrittenByPeople() {
        return DescribedPredicate.describe(
                "are written by people",
                field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                        && !field.getName().startsWith("$"));
    }

    private static ArchCondition<JavaField> notBeOfAMutableType() {
        var mutable = nameMatching(
                "java\\.util\\.(concurrent\\.)?(atomic\\..*|\\w*(HashMap|TreeMap|SkipListMap|HashSet|TreeSet"
                        + "|ArrayList|LinkedList|ArrayDeque|Queue|Deque|Vector|BitSet))|java\\.lang\\.(StringBuilder|StringBuffer|ThreadLocal)");
        return new ArchCondition<>("not be of a mutable type") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                if (mutable.test(field.getRawType()) || type(VarHandle.class).test(field.getRawType())) {
                    events.add(SimpleConditionEvent.violated(
                            field,
                            field.getFullName() + " is a static "
                                    + field.getRawType().getSimpleName()));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> liveInAMarkedPackage() {
        return new ArchCondition<>("live in a package whose package-info says @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!isMarked(type.getPackage())) {
                    events.add(SimpleConditionEvent.violated(
                            type,
                            type.getName() + ": package " + type.getPackageName()
                                    + " has no @NullMarked package-info"));
                }
            }
        };
    }

    private static boolean isMarked(JavaPackage room) {
        return room.tryGetPackageInfo()
                .map(info -> info.isAnnotatedWith(NullMarked.class))
                .orElse(false);
    }

    private static ArchCondition<JavaClass> shareTheirRoomWithFew() {
        return new ArchCondition<>("share their room with fewer than " + TOP_LEVEL_CLASSES_PER_ROOM + " others") {
            private final Map<String, Integer> sizes = new TreeMap<>();

            @Override
            public void init(Collection<JavaClass> types) {
                sizes.clear();
            }

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
                    sizes.merge(type.getPackageName(), 1, Integer::sum);
                }
            }

            @Override
            public void finish(ConditionEvents events) {
                sizes.forEach((room, size) -> {
                    if (size > TOP_LEVEL_CLASSES_PER_ROOM) {
                        events.add(SimpleConditionEvent.violated(room, room + " has " + size + " classes"));
                    }
                });
            }
        };
    }
}
