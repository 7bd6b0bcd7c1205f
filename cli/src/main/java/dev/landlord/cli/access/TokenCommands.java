package dev.landlord.cli.access;

import dev.landlord.api.id.TenantName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.render.View;
import dev.landlord.cli.session.SecretOutput;
import dev.landlord.cli.session.Session;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tokens of a tenant, or of operators if no tenant is meant. */
@Command(
        name = "token",
        description = "Who may use the API: tokens of a tenant, or of operators.",
        synopsisSubcommandLabel = "COMMAND")
public final class TokenCommands {
    private static final Pattern LIFETIME = Pattern.compile("([1-9]\\d{0,8})([smhd])");
    private static final Pattern TOKEN_ID = Pattern.compile("[0-9a-f]{16}");

    private final Session session;

    public TokenCommands(Session session) {
        this.session = session;
    }

    @Command(name = "create", description = "Make a token, which is shown only this once.")
    int create(
            @Parameters(paramLabel = "NAME", description = "what it is for") String name,
            @Option(names = "--read-only", description = "it may look at everything and change nothing")
                    boolean readOnly,
            @Option(names = "--expires", paramLabel = "TIME", description = "after so long, as 12h or 30d") @Nullable
                    String expires,
            @Option(names = "--save-token", paramLabel = "FILE", description = "write the token to a new file (0600)")
                    @Nullable
                    Path file) {
        ObjectNode form = JsonMapper.shared().createObjectNode();
        form.put("name", name);
        form.put("scope", readOnly ? "read" : "read-write");
        if (expires != null) {
            form.put("lifetimeSeconds", seconds(expires));
        }
        SecretOutput secret = SecretOutput.prepare(session, file);
        ApiPath tokens = tokens();
        secret.deliver(
                secret.orDiscard(() -> session.client().post(tokens, form).body()), "token " + name + " created");
        return 0;
    }

    @Command(name = "list", description = "Print the tokens that there are; what they are is never shown again.")
    int list() {
        session.printer().list(View.TOKENS, session.items(tokens()));
        return 0;
    }

    @Command(name = "revoke", description = "Make a token void at once.")
    int revoke(@Parameters(paramLabel = "ID") String id) {
        if (!TOKEN_ID.matcher(id).matches()) {
            throw CommandFailure.usage("token " + id + ": must be the 16 digits that landlord token list shows");
        }
        session.client().delete(tokens().child(id));
        session.terminal().say("token " + id + " is void");
        return 0;
    }

    private ApiPath tokens() {
        TenantName tenant = session.tenantOrNull();
        return tenant == null
                ? ApiPath.of("tokens")
                : Session.tenantPath(tenant).child("tokens");
    }

    private static long seconds(String text) {
        Matcher matcher = LIFETIME.matcher(text);
        if (!matcher.matches()) {
            throw CommandFailure.usage("--expires " + text + ": must be a number and s, m, h or d, as 30d");
        }
        long unit = switch (matcher.group(2)) {
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3600;
            default -> 86_400;
        };
        return Long.parseLong(matcher.group(1)) * unit;
    }
}
