package dev.landlord.api.id;

/** The name of a tenant: 1 to 40 lower-case letters, digits and inner dashes. On the wire: a JSON string. */
public record TenantName(String value) implements Id {
    public TenantName {
        Id.require("TenantName", value, Id.NAME);
    }

    /** Parses the wire form; throws {@link IllegalArgumentException} that names the rule. */
    public static TenantName valueOf(String value) {
        return new TenantName(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
