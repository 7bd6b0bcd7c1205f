package dev.landlord.cli.command;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.render.View;
import dev.landlord.cli.session.SecretOutput;
import dev.landlord.cli.session.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Customers. */
@Command(name = "tenant", description = "Customers.", synopsisSubcommandLabel = "COMMAND")
final class TenantCommands {
    private static final ApiPath TENANTS = ApiPath.of("tenants");

    private final Session session;

    TenantCommands(Session session) {
        this.session = session;
    }

    @Command(name = "create", description = "Make a tenant. Prints its token, which is shown only this once.")
    int create(
            @Parameters(paramLabel = "NAME") TenantName name,
            @Option(names = "--plan", required = true, paramLabel = "PLAN", description = "what it bought")
                    PlanName plan,
            @Option(
                            names = "--avoid",
                            paramLabel = "TENANT",
                            description =
                                    "a tenant that it never shares a node with, nor that one with it; may be repeated")
                    @Nullable
                    List<TenantName> avoided,
            @Mixin TokenDelivery delivery) {
        refuseExisting(name);
        SecretOutput secret = delivery.prepare(session);
        var body = JsonMapper.shared().createObjectNode().put("plan", plan.value());
        if (avoided != null) {
            var avoids = body.putArray("avoids");
            avoided.forEach(other -> avoids.add(other.value()));
        }
        JsonNode made = secret.orDiscard(
                () -> session.client().put(TENANTS.child(name), body).body());
        secret.deliver(made, "tenant " + name + " created with plan " + plan);
        return 0;
    }

    /** A PUT would silently change the plan of a tenant that is there; create means that there is none. */
    private void refuseExisting(TenantName name) {
        try {
            JsonNode there = session.client().get(TENANTS.child(name));
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "tenant " + name + " exists already, with plan " + Fields.text(there, "plan")
                            + "; change it with landlord apply");
        } catch (CommandFailure e) {
            if (e.code() != ExitCode.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Command(name = "list", description = "Print all tenants.")
    int list() {
        session.printer().list(View.TENANTS, session.items(TENANTS));
        return 0;
    }

    @Command(name = "get", description = "Print one tenant.")
    int get(@Parameters(paramLabel = "NAME") TenantName name) {
        session.printer().one(View.TENANTS, session.client().get(TENANTS.child(name)));
        return 0;
    }

    @Command(name = "suspend", description = "Freeze every program of a tenant.")
    int suspend(@Parameters(paramLabel = "NAME") TenantName name) {
        return act(name, "suspend", "suspended");
    }

    @Command(name = "resume", description = "Let the programs of a suspended tenant run on.")
    int resume(@Parameters(paramLabel = "NAME") TenantName name) {
        return act(name, "resume", "resumed");
    }

    private int act(TenantName name, String action, String done) {
        JsonNode body =
                session.client().post(TENANTS.child(name).action(action)).body();
        session.printer().print(body, unused -> session.terminal().say("tenant " + name + " " + done));
        return 0;
    }

    @Command(
            name = "rotate-token",
            description = "Give a tenant a new token, which is shown only this once. The old one is void at once.")
    int rotateToken(@Parameters(paramLabel = "NAME") TenantName name, @Mixin TokenDelivery delivery) {
        SecretOutput secret = delivery.prepare(session);
        JsonNode body = secret.orDiscard(() -> session.client()
                .post(TENANTS.child(name).action("rotate-token"))
                .body());
        secret.deliver(body, "tenant " + name + " has a new token; the old one is void");
        return 0;
    }

    @Command(name = "delete", description = "Delete a tenant with all that it has.")
    int delete(@Parameters(paramLabel = "NAME") TenantName name, @Mixin Consent consent) {
        return new Deletion(session).tenant(name, consent);
    }
}
