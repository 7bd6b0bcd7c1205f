package dev.landlord.cli.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the command line said; null where it said nothing. */
public record Flags(
        @Nullable String server,
        @Nullable Path caFile,
        @Nullable Path tokenFile,
        @Nullable String tenant,
        @Nullable String context) {
    public static final Flags NONE = new Flags(null, null, null, null, null);
}
