package dev.landlord.cli.config;

import dev.landlord.api.id.TenantName;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is and who we are.
 *
 * @param server https, without a path
 * @param caFile the only authority to be trusted, in PEM; null: those that the Java runtime trusts
 * @param token the bearer token; null: none is known
 * @param tenant whose things are meant; null: not said
 */
public record Settings(
        URI server,
        @Nullable Path caFile,
        @Nullable String token,
        @Nullable TenantName tenant,
        @Nullable Path scrapeTokenFile) {
    @Override
    public String toString() {
        return "Settings[server=" + server + ", tenant=" + tenant + "]";
    }
}
