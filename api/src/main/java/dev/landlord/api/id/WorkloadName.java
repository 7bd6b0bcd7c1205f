package dev.landlord.api.id;

/** The name of a workload, unique within its tenant. On the wire: a JSON string. */
public record WorkloadName(String value) implements Id {
    public WorkloadName {
        Id.require("WorkloadName", value, Id.NAME);
    }

    /** Parses the wire form; throws {@link IllegalArgumentException} that names the rule. */
    public static WorkloadName valueOf(String value) {
        return new WorkloadName(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
