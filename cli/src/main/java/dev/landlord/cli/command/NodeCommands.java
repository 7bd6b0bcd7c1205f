package dev.landlord.cli.command;

import dev.landlord.api.id.NodeName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.render.View;
import dev.landlord.cli.session.Patience;
import dev.landlord.cli.session.SecretOutput;
import dev.landlord.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

    @Command(name = "cordon", description = "Let a node take nothing new; what it has stays.")
    int cordon(@Parameters(paramLabel = "NAME") NodeName name) {
        return act(name, "cordon", "takes nothing new");
    }

    @Command(name = "uncordon", description = "Let a node take new replicas again; ends a drain too.")
    int uncordon(@Parameters(paramLabel = "NAME") NodeName name) {
        return act(name, "uncordon", "takes new replicas");
    }

    @Command(
            name = "drain",
            description = {
                "Let a node take nothing new, and move what it has elsewhere: of each workload one replica at a time, and each",
                "is stopped only when it is served elsewhere."
            })
    int drain(
            @Parameters(paramLabel = "NAME") NodeName name,
            @Option(names = "--wait", description = "until nothing is left on it") boolean wait,
            @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "600", description = "with --wait")
                    int seconds) {
        act(name, "drain", "takes nothing new, and what it has moves elsewhere");
        if (wait) {
            String[] last = {""};
            Patience.until(session, seconds, "nothing is left on node " + name, () -> {
                JsonNode node = session.client().get(NODES.child(name));
                String left = Fields.text(node, "allocations");
                if (!left.equals(last[0])) {
                    last[0] = left;
                    session.terminal().say("node " + name + ": " + left + " allocations left");
                }
                return node.path("drained").asBoolean(false);
            });
        }
        return 0;
    }

    @Command(
            name = "revoke",
            description = {
                "Make a node's certificates worthless, at once: the control plane takes nothing from it and tells it nothing.",
                "What it has is placed elsewhere when it is lost, and on the host it runs on until somebody ends it.",
                "To come back it has to join anew: delete credentials.json in the agent's state directory, and use a new"
                        + " token."
            })
    int revoke(@Parameters(paramLabel = "NAME") NodeName name, @Mixin Consent consent) {
        consent.ask(session, "Revoke the certificates of node " + name + "?");
        return act(name, "revoke", "is let in no more, until it joins anew");
    }

    private int act(NodeName name, String action, String done) {
        JsonNode body = session.client().post(NODES.child(name).action(action)).body();
        session.printer().print(body, unused -> session.terminal().say("node " + name + " " + done));
        return 0;
    }

    @Command(
            name = "replace-lost",
            description = {
                "Confirm that the nodes that are lost now will not be back soon: what they had is placed elsewhere, even when",
                "so many are lost at once that the control plane waits for this word."
            })
    int replaceLost() {
        JsonNode body = session.client()
                .post(ApiPath.of("cluster").action("replace-lost"))
                .body();
        session.printer().print(body, unused -> {
            List<String> names = new ArrayList<>();
            body.path("nodes").forEach(node -> names.add(node.asString()));
            session.terminal()
                    .say(names.isEmpty() ? "no loss was left to confirm" : "confirmed: " + String.join(", ", names));
        });
        return 0;
    }

    @Command(
            name = "join-token",
            description = {
                "Print a token with which the agent of a new node introduces itself. It is good once, for this name.",
                "On the new host: landlord node join https://HOST:7701 TOKEN --name NAME"
            })
    int joinToken(@Parameters(paramLabel = "NAME") NodeName name, @Mixin TokenDelivery delivery) {
        SecretOutput secret = delivery.prepare(session);
        JsonNode body = secret.orDiscard(() ->
                session.client().post(NODES.child(name).action("join-token")).body());
        secret.deliver(body, "node " + name + " may join once");
        return 0;
    }
}
