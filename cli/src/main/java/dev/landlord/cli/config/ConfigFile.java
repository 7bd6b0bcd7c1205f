package dev.landlord.cli.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of the configuration file.
 *
 * @param current the name of the context that is used when none is named
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConfigFile(
        @JsonProperty("current") @Nullable String current,
        @JsonProperty("contexts") @Nullable Map<String, Context> contexts) {
    public static final ConfigFile EMPTY = new ConfigFile(null, null);

    public ConfigFile {
        contexts = contexts == null ? Map.of() : Map.copyOf(contexts);
    }

    @Override
    public Map<String, Context> contexts() {
        return contexts == null ? Map.of() : contexts;
    }

    /** With this context, used from now on when none is named. */
    public ConfigFile withCurrent(String name, Context context) {
        Map<String, Context> changed = new LinkedHashMap<>(contexts());
        changed.put(name, context);
        return new ConfigFile(name, changed);
    }

    /** Without the context; {@code previous} is the current one again if it still exists. */
    public ConfigFile without(String name, @Nullable String previous) {
        Map<String, Context> changed = new LinkedHashMap<>(contexts());
        changed.remove(name);
        String next = name.equals(current) ? previous : current;
        return new ConfigFile(next != null && changed.containsKey(next) ? next : null, changed);
    }
}
