package dev.landlord.cli.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One server and one identity in the configuration file.
 *
 * @param token the secret itself; either this or a file that holds it
 * @param scrapeTokenFile what {@code landlord top} shows to the agents
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Context(
        @JsonProperty("server") @Nullable String server,
        @JsonProperty("ca-file") @Nullable String caFile,
        @JsonProperty("token-file") @Nullable String tokenFile,
        @JsonProperty("token") @Nullable String token,
        @JsonProperty("tenant") @Nullable String tenant,
        @JsonProperty("scrape-token-file") @Nullable String scrapeTokenFile) {
    static final Context EMPTY = new Context(null, null, null, null, null, null);

    @Override
    public String toString() {
        return "Context[server=" + server + ", tenant=" + tenant + "]";
    }
}
