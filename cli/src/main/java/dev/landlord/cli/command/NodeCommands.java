package dev.landlord.cli.command;

import dev.landlord.api.id.NodeName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.render.View;
import dev.landlord.cli.session.SecretOutput;
import dev.landlord.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Hosts. */
@Command(name = "node", description = "Hosts.", synopsisSubcommandLabel = "COMMAND")
final class NodeCommands {
    private static final ApiPath NODES = ApiPath.of("nodes");

    private final Session session;

    NodeCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Print all nodes.")
    int list() {
        session.printer().list(View.NODES, session.items(NODES));
        return 0;
    }

    @Command(
            name = "join-token",
            description = {
                "Print a token with which the agent of a new node introduces itself. It is good once, for this name.",
                "On the new host: landlord-agent --landlord.agent.node=NAME --landlord.agent.join-token-file=FILE \\",
                "  --landlord.agent.control-plane-url=https://HOST:7701"
            })
    int joinToken(@Parameters(paramLabel = "NAME") NodeName name, @Mixin TokenDelivery delivery) {
        SecretOutput secret = delivery.prepare(session);
        JsonNode body = secret.orDiscard(() ->
                session.client().post(NODES.child(name).action("join-token")).body());
        secret.deliver(body, "node " + name + " may join once");
        return 0;
    }
}
