package dev.landlord.cli.session;

import dev.landlord.api.id.TenantName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.client.LandlordClient;
import dev.landlord.cli.config.ConfigStore;
import dev.landlord.cli.config.Settings;
import dev.landlord.cli.config.SettingsResolver;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.render.Printer;
import dev.landlord.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One run of one command: settings and client are made when they are first needed. For one thread. */
public final class Session implements AutoCloseable {
    private final Terminal terminal;
    private final GlobalOptions options;
    private @Nullable Settings settings;
    private @Nullable LandlordClient client;
    private @Nullable JsonNode whoami;

    public Session(Terminal terminal, GlobalOptions options) {
        this.terminal = terminal;
        this.options = options;
    }

    public Terminal terminal() {
        return terminal;
    }

    public GlobalOptions options() {
        return options;
    }

    public Printer printer() {
        return new Printer(terminal, options.output());
    }

    public Settings settings() {
        if (settings == null) {
            ConfigStore store = ConfigStore.of(terminal);
            settings = SettingsResolver.resolve(options.flags(), terminal.env(), store.read());
            if (store.isReadableByOthers()) {
                terminal.say("warning: " + store.file() + " can be read by others; chmod 600 it");
            }
        }
        return settings;
    }

    public LandlordClient client() {
        // A wrong --output is to be told before anything is changed.
        options.output();
        if (client == null) {
            client = new LandlordClient(settings());
        }
        return client;
    }

    /** The tenant that is meant: the one that was named, or the one whose token we have; null for an operator. */
    public @Nullable TenantName tenantOrNull() {
        TenantName named = settings().tenant();
        if (named != null) {
            return named;
        }
        if (whoami == null) {
            whoami = client().get(ApiPath.of("whoami"));
        }
        boolean isTenant = Fields.text(whoami, "kind").equals("tenant");
        return isTenant ? new TenantName(Fields.text(whoami, "name")) : null;
    }

    public TenantName tenant() {
        TenantName tenant = tenantOrNull();
        if (tenant == null) {
            throw CommandFailure.usage("which tenant? give --tenant or LANDLORD_TENANT");
        }
        return tenant;
    }

    public static ApiPath tenantPath(TenantName tenant) {
        return ApiPath.of("tenants").child(tenant);
    }

    /** The whole list, in as many parts as the server makes of it. */
    public List<JsonNode> items(ApiPath path) {
        List<JsonNode> items = new ArrayList<>();
        JsonNode part = client().get(path);
        part.path("items").forEach(items::add);
        for (String cursor = Fields.text(part, "cursor"); !cursor.isEmpty(); cursor = Fields.text(part, "cursor")) {
            part = client().get(path.query("cursor", cursor));
            part.path("items").forEach(items::add);
        }
        return items;
    }

    /** The collection of the tenant that is meant, or of all; each item tells its tenant. */
    public List<JsonNode> tenantItems(String collection) {
        return tenantItems(collection, null);
    }

    /** Those that the selector wants; null: all. */
    public List<JsonNode> tenantItems(String collection, @Nullable String selector) {
        TenantName one = tenantOrNull();
        List<TenantName> tenants = one != null
                ? List.of(one)
                : items(ApiPath.of("tenants")).stream()
                        .map(tenant -> new TenantName(Fields.text(tenant, "name")))
                        .toList();
        List<JsonNode> all = new ArrayList<>();
        for (TenantName tenant : tenants) {
            try {
                all.addAll(items(selected(tenantPath(tenant).child(collection), selector)).stream()
                        .map(item -> withTenant(item, tenant))
                        .toList());
            } catch (CommandFailure e) {
                // Deleted since we asked for the list.
                if (one != null || e.code() != ExitCode.NOT_FOUND) {
                    throw e;
                }
            }
        }
        return all;
    }

    /** A list of those that the selector wants; null: of all. */
    public static ApiPath selected(ApiPath list, @Nullable String selector) {
        return selector == null ? list : list.query("selector", selector);
    }

    public static JsonNode withTenant(JsonNode item, TenantName tenant) {
        if (item instanceof ObjectNode object && !object.has("tenant")) {
            ObjectNode first = object.objectNode().put("tenant", tenant.value());
            return first.setAll(object);
        }
        return item;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
