package dev.landlord.cli.client;

import dev.landlord.api.id.Id;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A path of the API, made of fixed words and validated names only. Immutable. */
public record ApiPath(String value) {
    private static final ApiPath ROOT = new ApiPath("/api/v1");

    /** For example {@code of("tenants")}; the word may carry an action, {@code nodes/x:join-token}, by {@link #action}. */
    public static ApiPath of(String collection) {
        return new ApiPath(ROOT.value + "/" + collection);
    }

    public ApiPath child(Id name) {
        return new ApiPath(value + "/" + name.value());
    }

    public ApiPath child(String collection) {
        return new ApiPath(value + "/" + collection);
    }

    public ApiPath action(String action) {
        return new ApiPath(value + ":" + action);
    }

    public ApiPath query(String name, Object given) {
        String encoded = URLEncoder.encode(given.toString(), StandardCharsets.UTF_8);
        return new ApiPath(value + (value.indexOf('?') < 0 ? "?" : "&") + name + "=" + encoded);
    }

    @Override
    public String toString() {
        return value;
    }
}
