package dev.landlord.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which room of a module may see which. What is not said is refused, and so is a room that nobody named: whoever adds one
 * has to say here what it sees.
 */
public final class RoomPlan {
    /** The module's base package itself. */
    public static final String ROOT = "(root)";

    private static final String EVERYTHING = "(everything)";

    private final String basePackage;
    private final Map<String, Set<String>> sees = new LinkedHashMap<>();

    private RoomPlan(String basePackage) {
        this.basePackage = basePackage;
    }

    public static RoomPlan of(String basePackage) {
        return new RoomPlan(basePackage);
    }

    /** Names a room and the rooms that it may see besides itself. */
    public RoomPlan room(String name, String... others) {
        sees.put(name, Set.copyOf(Arrays.asList(others)));
        return this;
    }

    /** Names a room that ties the others together. */
    public RoomPlan tie(String name) {
        return room(name, EVERYTHING);
    }

    /** The module's own classes, without its tests. */
    public JavaClasses importMain() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(basePackage);
    }

    /** The package pattern of a room, for rules that speak of one. */
    public String packageOf(String room) {
        return room.equals(ROOT) ? basePackage : basePackage + "." + room + "..";
    }

    public ArchRule arrows() {
        return ArchRuleDefinition.classes()
                .should(followArrows())
                .as("rooms of " + basePackage + " see only " + describe())
                .because("who sees whom is decided once, in this table; a new arrow is a decision, not an import");
    }

    public ArchRule everyNamedRoomExists() {
        return ArchRuleDefinition.classes()
                .should(fillEveryRoom())
                .because("a name of a room that is gone would let the next room of that name in unseen");
    }

    private String describe() {
        return sees.entrySet().stream()
                .map(room -> room.getKey() + " -> " + new TreeSet<>(room.getValue()))
                .collect(Collectors.joining(", "));
    }

    private String roomOf(JavaClass type) {
        var name = type.getPackageName();
        if (name.equals(basePackage)) {
            return ROOT;
        }
        var rest = name.substring(basePackage.length() + 1);
        var dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    private boolean isOurs(JavaClass type) {
        var name = type.getPackageName();
        return name.equals(basePackage) || name.startsWith(basePackage + ".");
    }

    private boolean allowed(String from, String to) {
        var others = sees.getOrDefault(from, Set.of());
        return from.equals(to) || others.contains(to) || others.contains(EVERYTHING);
    }

    private ArchCondition<JavaClass> followArrows() {
        return new ArchCondition<>("follow the arrows") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var from = roomOf(type);
                if (!sees.containsKey(from)) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getName() + " is in room '" + from + "', which the plan does not name"));
                }
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    var target = dependency.getTargetClass().getBaseComponentType();
                    if (isOurs(target) && !allowed(from, roomOf(target))) {
                        events.add(SimpleConditionEvent.violated(
                                dependency,
                                from + " must not see " + roomOf(target) + ": " + dependency.getDescription()));
                    }
                }
            }
        };
    }

    private ArchCondition<JavaClass> fillEveryRoom() {
        return new ArchCondition<>("fill every room that the plan names") {
            private final Set<String> empty = new TreeSet<>(sees.keySet());

            @Override
            public void init(Collection<JavaClass> types) {
                empty.addAll(sees.keySet());
            }

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                empty.remove(roomOf(type));
            }

            @Override
            public void finish(ConditionEvents events) {
                empty.forEach(room -> events.add(
                        SimpleConditionEvent.violated(room, "room '" + room + "' of " + basePackage + " is empty")));
            }
        };
    }
}
