package dev.landlord.api.id;

/** The id of one replica on one node; random, unique for ever. On the wire: a JSON string. */
public record AllocationId(String value) implements Id {
    public AllocationId {
        Id.require("AllocationId", value, Id.ALLOCATION);
    }

    /** Parses the wire form; throws {@link IllegalArgumentException} that names the rule. */
    public static AllocationId valueOf(String value) {
        return new AllocationId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
