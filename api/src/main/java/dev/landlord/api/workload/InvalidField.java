package dev.landlord.api.workload;

import java.util.List;

/** A value broke the rule of its field. The message reads {@code field: rule}. */
public final class InvalidField extends IllegalArgumentException {
    private final transient List<String> path;
    private final String rule;

    /** @param field one step, or two with a dot between; the second may be a name with dots of its own */
    public InvalidField(String field, String rule) {
        this(List.of(field.split("\\.", 2)), rule);
    }

    /** @param path steps from the root of the record that refuses */
    public InvalidField(List<String> path, String rule) {
        super(String.join(".", path) + ": " + rule);
        this.path = List.copyOf(path);
        this.rule = rule;
    }

    /** Dotted path from the root of the record that refused, for example {@code resources.memoryBytes}. */
    public String field() {
        return String.join(".", path);
    }

    /** The same, step by step. */
    public List<String> path() {
        return path;
    }

    public String rule() {
        return rule;
    }
}
