package dev.landlord.api.id;

import java.util.regex.Pattern;

/** An identifier that is one string on the wire. */
public sealed interface Id permits TenantName, WorkloadName, PlanName, NodeName, ImageName, AllocationId {
    /** DNS-label like, at most 40 characters, so that {@code tenant-workload-n} fits a host name of 64 bytes. */
    Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

    Pattern ALLOCATION = Pattern.compile("[a-z0-9]{8,32}");

    String value();

    /** Throws {@link IllegalArgumentException} if the value does not match the whole pattern. */
    static void require(String type, String value, Pattern pattern) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(type + " must match " + pattern.pattern());
        }
    }
}
