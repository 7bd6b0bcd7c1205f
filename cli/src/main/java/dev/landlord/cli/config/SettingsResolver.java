package dev.landlord.cli.config;

import dev.landlord.api.id.TenantName;
import dev.landlord.cli.failure.CommandFailure;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Flag before environment before configuration file, for each setting by itself. Reads only the token file that it chose. */
public final class SettingsResolver {
    static final String DEFAULT_SERVER = "https://127.0.0.1:7700";

    private SettingsResolver() {}

    /** Throws a usage failure that names the setting and where it came from. */
    public static Settings resolve(Flags flags, Map<String, String> env, ConfigFile file) {
        Context context = context(flags, env, file);
        String server = first(flags.server(), env.get("LANDLORD_SERVER"), context.server());
        String caFile = first(text(flags.caFile()), env.get("LANDLORD_CA_FILE"), context.caFile());
        String tenant = first(flags.tenant(), env.get("LANDLORD_TENANT"), context.tenant());
        String scrape = first(null, env.get("LANDLORD_SCRAPE_TOKEN_FILE"), context.scrapeTokenFile());
        return new Settings(
                server(server == null ? DEFAULT_SERVER : server),
                caFile == null ? null : Path.of(caFile),
                token(flags, env, context),
                tenant == null ? null : tenant(tenant),
                scrape == null ? null : Path.of(scrape));
    }

    private static Context context(Flags flags, Map<String, String> env, ConfigFile file) {
        String name = first(flags.context(), env.get("LANDLORD_CONTEXT"), file.current());
        if (name == null) {
            return Context.EMPTY;
        }
        Context context = file.contexts().get(name);
        if (context == null) {
            throw CommandFailure.usage("context " + name + " is not in the configuration file; there are "
                    + file.contexts().keySet());
        }
        return context;
    }

    private static URI server(String text) {
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean plain = uri.getPath() == null || uri.getPath().isEmpty();
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && plain
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException ignored) {
            // Said below, as for every other text that is not the address of a server.
        }
        throw CommandFailure.usage("server " + text + ": must have the form https://HOST:PORT");
    }

    private static @Nullable String token(Flags flags, Map<String, String> env, Context context) {
        if (flags.tokenFile() != null) {
            return TokenFile.read(flags.tokenFile());
        }
        String envFile = first(null, env.get("LANDLORD_TOKEN_FILE"), null);
        String envToken = first(null, env.get("LANDLORD_TOKEN"), null);
        if (envFile != null && envToken != null) {
            throw CommandFailure.usage("LANDLORD_TOKEN and LANDLORD_TOKEN_FILE are both set; unset one of them");
        }
        if (envFile != null) {
            return TokenFile.read(Path.of(envFile));
        }
        if (envToken != null) {
            return TokenFile.check("LANDLORD_TOKEN", envToken);
        }
        if (context.token() != null && context.tokenFile() != null) {
            throw CommandFailure.usage("the configuration file gives a context both token and token-file");
        }
        if (context.tokenFile() != null) {
            return TokenFile.read(Path.of(context.tokenFile()));
        }
        return context.token() == null ? null : TokenFile.check("token in the configuration file", context.token());
    }

    private static TenantName tenant(String text) {
        try {
            return new TenantName(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("tenant " + text + ": " + e.getMessage());
        }
    }

    private static @Nullable String text(@Nullable Path path) {
        return path == null ? null : path.toString();
    }

    private static @Nullable String first(@Nullable String flag, @Nullable String variable, @Nullable String stored) {
        if (flag != null) {
            return flag;
        }
        return variable != null && !variable.isEmpty() ? variable : stored;
    }
}
