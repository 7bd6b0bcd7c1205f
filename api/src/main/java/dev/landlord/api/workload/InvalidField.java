package dev.landlord.api.workload;

/** A value broke the rule of its field. The message reads {@code field: rule}. */
public final class InvalidField extends IllegalArgumentException {
    private final String field;
    private final String rule;

    public InvalidField(String field, String rule) {
        super(field + ": " + rule);
        this.field = field;
        this.rule = rule;
    }

    /** Dotted path from the root of the record that refused, for example {@code resources.memoryBytes}. */
    public String field() {
        return field;
    }

    public String rule() {
        return rule;
    }
}
