package dev.landlord.runtime.seccomp;

import dev.landlord.runtime.linux.Libseccomp.Comparison;
import dev.landlord.runtime.linux.Libseccomp.Condition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The policy as data. Pure: text in, rules out; a line that is not of the form is an {@link IllegalArgumentException}
 * that gives its number.
 *
 * @param newest calls with a higher number do not exist
 * @param rules in the order of the text
 */
record Policy(int newest, List<Rule> rules) {
    private static final Map<String, Integer> ERRNO =
            Map.of("EPERM", 1, "ENOSYS", 38, "EPROTONOSUPPORT", 93, "EAFNOSUPPORT", 97);

    private static final Map<String, Comparison> COMPARISONS = Map.of(
            "==", Comparison.EQUAL,
            "!=", Comparison.NOT_EQUAL,
            "<", Comparison.LESS,
            "<=", Comparison.LESS_OR_EQUAL,
            ">", Comparison.GREATER,
            ">=", Comparison.GREATER_OR_EQUAL);

    Policy {
        rules = List.copyOf(rules);
    }

    /**
     * One line about one call.
     *
     * @param number as the text has it, for those that libseccomp may not know
     * @param errno 0 allows the call
     * @param low the one condition is on the lower 32 bits and comes before all other rules
     */
    record Rule(String name, OptionalInt number, int errno, boolean low, List<Condition> conditions) {
        Rule {
            conditions = List.copyOf(conditions);
        }

        boolean allows() {
            return errno == 0;
        }
    }

    static Policy parse(String text) {
        int newest = -1;
        List<Rule> rules = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = line.strip();
            if (content.isEmpty() || content.startsWith("#")) {
                continue;
            }
            try {
                List<String> words = Arrays.asList(content.split("\\s+", -1));
                if (words.getFirst().equals("newest") && words.size() == 2 && newest < 0) {
                    newest = Integer.parseInt(words.get(1));
                } else {
                    rules.addAll(rules(words));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + number + ": " + e.getMessage() + ": " + content, e);
            }
        }
        refuseContradictions(rules);
        if (newest < 0) {
            throw new IllegalArgumentException("no line says which call is the newest");
        }
        return new Policy(newest, rules);
    }

    private static List<Rule> rules(List<String> words) {
        int errno;
        List<String> rest;
        switch (words.getFirst()) {
            case "allow" -> {
                errno = 0;
                rest = words.subList(1, words.size());
            }
            case "errno" -> {
                Integer value = words.size() < 2 ? null : ERRNO.get(words.get(1));
                if (value == null) {
                    throw new IllegalArgumentException("unknown errno");
                }
                errno = value;
                rest = words.subList(2, words.size());
            }
            default -> throw new IllegalArgumentException("neither newest, allow nor errno");
        }
        int when = rest.indexOf("when");
        if (when < 0) {
            return named(rest, errno);
        }
        if (when != 1) {
            throw new IllegalArgumentException("conditions are for one call");
        }
        return List.of(conditional(rest.getFirst(), errno, rest.subList(2, rest.size())));
    }

    private static List<Rule> named(List<String> names, int errno) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no call is named");
        }
        return names.stream()
                .map(name -> new Rule(nameOf(name), numberOf(name), errno, false, List.of()))
                .toList();
    }

    private static Rule conditional(String name, int errno, List<String> words) {
        boolean low = !words.isEmpty() && words.getFirst().equals("low");
        List<Condition> conditions = new ArrayList<>();
        List<String> left = low ? words.subList(1, words.size()) : words;
        while (left.size() >= 3) {
            conditions.add(condition(left.get(0), left.get(1), left.get(2)));
            if (left.size() == 3) {
                return rule(name, errno, low, conditions);
            }
            if (!left.get(3).equals("and")) {
                break;
            }
            left = left.subList(4, left.size());
        }
        throw new IllegalArgumentException("a condition is argument, comparison, value");
    }

    private static Rule rule(String name, int errno, boolean low, List<Condition> conditions) {
        boolean oneEquality = conditions.size() == 1 && conditions.getFirst().comparison() == Comparison.EQUAL;
        if (low && (errno == 0 || !oneEquality)) {
            throw new IllegalArgumentException("low is for refusing by one equality");
        }
        if (conditions.stream().map(Condition::argument).distinct().count() != conditions.size()) {
            throw new IllegalArgumentException("an argument is compared twice");
        }
        return new Rule(nameOf(name), numberOf(name), errno, low, conditions);
    }

    private static Condition condition(String argument, String operator, String value) {
        int index = Integer.parseInt(argument);
        if (index < 0 || index > 5) {
            throw new IllegalArgumentException("arguments are 0 to 5");
        }
        if (operator.startsWith("&") && operator.endsWith("==")) {
            long mask = Long.decode(operator.substring(1, operator.length() - 2));
            return new Condition(index, Comparison.MASKED_EQUAL, mask, Long.decode(value));
        }
        Comparison comparison = COMPARISONS.get(operator);
        if (comparison == null) {
            throw new IllegalArgumentException("unknown comparison");
        }
        return new Condition(index, comparison, 0, Long.decode(value));
    }

    private static String nameOf(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        if (!name.matches("[a-z0-9_]+")) {
            throw new IllegalArgumentException("not a call's name");
        }
        return name;
    }

    private static OptionalInt numberOf(String word) {
        int equals = word.indexOf('=');
        return equals < 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(word.substring(equals + 1)));
    }

    /** Of a rule for all arguments and another for some, the library would keep one and not say which. */
    private static void refuseContradictions(List<Rule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            for (Rule other : rules.subList(i + 1, rules.size())) {
                boolean sameCall = rule.name().equals(other.name()) && !rule.low() && !other.low();
                if (sameCall
                        && (rule.conditions().isEmpty() || other.conditions().isEmpty())) {
                    throw new IllegalArgumentException(rule.name() + " has a rule for all arguments and another one");
                }
            }
        }
    }
}
