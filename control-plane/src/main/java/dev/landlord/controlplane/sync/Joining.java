package dev.landlord.controlplane.sync;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.join.JoinReply;
import dev.landlord.api.join.JoinRequest;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.certificate.NodeCertificates;
import dev.landlord.controlplane.certificate.NodeCertificates.Draft;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.node.Contacts;
import dev.landlord.controlplane.node.JoinTokens;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.store.Database;
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
    private final NodeCertificates certificates;
    private final Events events;

    Joining(
            Database database,
            Nodes nodes,
            Contacts contacts,
            JoinTokens joinTokens,
            Credentials credentials,
            NodeCertificates certificates,
            Events events) {
        this.database = database;
        this.nodes = nodes;
        this.contacts = contacts;
        this.joinTokens = joinTokens;
        this.credentials = credentials;
        this.certificates = certificates;
        this.events = events;
    }

    /** @param remoteAddress where the request came from; the agent's metrics listener may be reached there */
    JoinReply join(JoinRequest request, String remoteAddress) {
        WireJson.require(request.node(), "/node");
        WireJson.require(request.token(), "/token");
        WireJson.require(request.certificateRequest(), "/certificateRequest");
        WireJson.require(request.metricsCertificateRequest(), "/metricsCertificateRequest");
        NodeName node = request.node();
        // Asked before the costly signature, so that guessing tokens costs us little.
        if (!database.read(reader -> joinTokens.isValid(reader, node, request.token()))) {
            throw invalidToken(node);
        }
        String metrics = certificates.signMetrics(request.metricsCertificateRequest(), names(node, remoteAddress));
        Draft draft = certificates.draft(node, request.certificateRequest());
        JoinReply reply = database.write(writer -> admit(writer, request.token(), draft, metrics));
        contacts.forget(node);
        return reply;
    }

    private JoinReply admit(JdbcClient writer, String token, Draft draft, String metricsCertificate) {
        NodeName node = draft.subject().node();
        nodes.find(writer, node).ifPresent(known -> requireAbsent(writer, known));
        if (!joinTokens.redeem(writer, node, token)) {
            throw invalidToken(node);
        }
        nodes.join(writer, node, database.revision(writer), database.now(writer));
        certificates.admit(writer, draft);
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
        return new JoinReply(draft.certificate().chain(), metricsCertificate, scrapers);
    }

    /** By what is stored: the agent may report to another replica. One that was revoked reports to none. */
    private void requireAbsent(JdbcClient writer, NodeRecord known) {
        if (known.state().isAtWork() && certificates.isAdmitted(writer, known.name())) {
            throw new ProblemException(
                    ProblemCode.NODE_ALREADY_JOINED,
                    "an agent is at work as node " + known.name() + "; give this one another name, or stop that one");
        }
    }

    /** A certificate for the loopback names is given only to who is on this host. */
    static List<String> names(NodeName node, String remoteAddress) {
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
