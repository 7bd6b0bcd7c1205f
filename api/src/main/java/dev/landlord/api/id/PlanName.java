package dev.landlord.api.id;

/** The name of a plan. On the wire: a JSON string. */
public record PlanName(String value) implements Id {
    public PlanName {
        Id.require("PlanName", value, Id.NAME);
    }

    /** Parses the wire form; throws {@link IllegalArgumentException} that names the rule. */
    public static PlanName valueOf(String value) {
        return new PlanName(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
