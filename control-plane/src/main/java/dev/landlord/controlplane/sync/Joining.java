package dev.landlord.controlplane.sync;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.JoinReply;
import dev.landlord.api.sync.JoinRequest;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.node.Contacts;
import dev.landlord.controlplane.node.JoinTokens;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tls.CertificateAuthority;
import dev.landlord.controlplane.web.ProblemException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes a new agent in. All of it happens, or nothing and the token stays good. */
@Component
final class Joining {
    private final Database database;
    private final Nodes nodes;
    private final Contacts contacts;
    private final JoinTokens joinTokens;
    private final Credentials credentials;
    private final CertificateAuthority authority;
    private final Events events;

    Joining(
            Database database,
            Nodes nodes,
            Contacts contacts,
            JoinTokens joinTokens,
            Credentials credentials,
            CertificateAuthority authority,
            Events events) {
        this.database = database;
        this.nodes = nodes;
        this.contacts = contacts;
        this.joinTokens = joinTokens;
        this.credentials = credentials;
        this.authority = authority;
        this.events = events;
    }

    /** @param remoteAddress where the request came from; the agent's metrics listener may be reached there */
    JoinReply join(JoinRequest request, String remoteAddress) {
        WireJson.require(request.node(), "/node");
        WireJson.require(request.token(), "/token");
        WireJson.require(request.certificateRequest(), "/certificateRequest");
        NodeName node = request.node();
        // Asked before the costly signature, so that guessing tokens costs us little.
        if (!database.read(reader -> joinTokens.isValid(reader, node, request.token()))) {
            throw invalidToken(node);
        }
        String certificate = sign(request, remoteAddress);
        JoinReply reply = database.write(writer -> admit(writer, request, certificate));
        contacts.forget(node);
        return reply;
    }

    private JoinReply admit(JdbcClient writer, JoinRequest request, String certificate) {
        NodeName node = request.node();
        nodes.find(writer, node).ifPresent(Joining::requireAbsent);
        if (!joinTokens.redeem(writer, node, request.token())) {
            throw invalidToken(node);
        }
        nodes.join(writer, node, database.revision(writer), database.now(writer));
        Identity identity = new Identity.Node(node);
        credentials.revoke(writer, identity);
        String token = credentials.issue(writer, identity);
        events.append(writer, EventRecord.ofNode("node-joined", node, "an agent joined as " + node));
        if (nodes.require(writer, node).subnet() == null) {
            events.append(
                    writer,
                    EventRecord.ofNode(
                            "node-without-addresses",
                            node,
                            "no addresses are left for node " + node + "; it takes no workloads with a network"));
        }
        String scrapers = credentials.digest(writer, new Identity.Scraper()).orElse("");
        return new JoinReply(token, certificate, scrapers);
    }

    /** By what is stored: the agent may report to another replica. */
    private static void requireAbsent(NodeRecord known) {
        if (known.state().isAtWork()) {
            throw new ProblemException(
                    ProblemCode.NODE_ALREADY_JOINED,
                    "an agent is at work as node " + known.name() + "; give this one another name, or stop that one");
        }
    }

    private String sign(JoinRequest request, String remoteAddress) {
        try {
            return authority.sign(request.certificateRequest(), names(request.node(), remoteAddress));
        } catch (IllegalArgumentException invalid) {
            throw ProblemException.invalidField("/certificateRequest", String.valueOf(invalid.getMessage()));
        }
    }

    /** A certificate for the loopback names is given only to who is on this host. */
    private static List<String> names(NodeName node, String remoteAddress) {
        List<String> names = new ArrayList<>(List.of(node.value()));
        try {
            InetAddress remote = InetAddress.getByName(remoteAddress);
            names.add(remote.getHostAddress());
            if (remote.isLoopbackAddress()) {
                names.addAll(List.of("localhost", "127.0.0.1"));
            }
        } catch (UnknownHostException notAnAddress) {
            throw new IllegalStateException("the server names its peer " + remoteAddress, notAnAddress);
        }
        return names.stream().distinct().toList();
    }

    private static ProblemException invalidToken(NodeName node) {
        return new ProblemException(
                ProblemCode.JOIN_TOKEN_INVALID,
                "the join token is not valid for node " + node + ": unknown, used, expired or of another node");
    }
}
