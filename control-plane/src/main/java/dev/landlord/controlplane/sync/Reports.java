package dev.landlord.controlplane.sync;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ReportReply;
import dev.landlord.controlplane.allocation.Observations;
import dev.landlord.controlplane.network.ClusterAddresses;
import dev.landlord.controlplane.node.Contact;
import dev.landlord.controlplane.node.Contact.Said;
import dev.landlord.controlplane.node.Contacts;
import dev.landlord.controlplane.node.NodeState;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.node.ReportTiming;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.ProblemException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes reports, in order per node, each once. A report that tells nothing new touches no database. */
@Component
final class Reports {
    private final Database database;
    private final Nodes nodes;
    private final Contacts contacts;
    private final Observations observations;
    private final NodeNews news;
    private final ClusterAddresses addresses;

    Reports(
            Database database,
            Nodes nodes,
            Contacts contacts,
            Observations observations,
            NodeNews news,
            ClusterAddresses addresses) {
        this.database = database;
        this.nodes = nodes;
        this.contacts = contacts;
        this.observations = observations;
        this.news = news;
        this.addresses = addresses;
    }

    ReportReply take(NodeName node, NodeReport report) {
        ReportRules.check(report, addresses.cluster());
        ReportTiming timing = contacts.timing(contacts.size());
        Contact contact = contacts.of(node);
        contact.lock().lock();
        try {
            return switch (contact.judge(
                    report.agentRun(),
                    report.previousRun(),
                    report.sequence(),
                    report.complete(),
                    contacts.now(),
                    timing)) {
                case NEXT -> takeNext(node, report, contact, timing);
                case REPEATED -> answerAgain(contact, timing, false);
                case UNKNOWN_RUN -> answerAgain(contact, timing, true);
                case OTHER_AGENT -> throw otherAgent(node, contact);
            };
        } finally {
            contact.lock().unlock();
        }
    }

    private ReportReply takeNext(NodeName node, NodeReport report, Contact contact, ReportTiming timing) {
        // Before the store may say that it is ready, or it would be found ready and silent in between.
        contact.heard(contacts.now());
        Said said = new Said(report.orphans(), report.held(), report.drifts());
        boolean news = contact.isAsleep()
                || report.facts() != null
                || !said.equals(contact.said())
                || (mayHaveNews(report) && database.read(reader -> observations.isNews(reader, node, report)));
        if (news) {
            NodeState state = database.write(writer -> store(writer, node, report, contact.said()));
            if (state == NodeState.READY) {
                contact.markAwake();
            }
        }
        contact.taken(report.agentRun(), report.sequence(), said, contacts.now());
        return answer(contact, timing, false);
    }

    /** An empty delta is a heartbeat. */
    private static boolean mayHaveNews(NodeReport report) {
        return report.complete()
                || !report.changed().isEmpty()
                || !report.gone().isEmpty();
    }

    private ReportReply answerAgain(Contact contact, ReportTiming timing, boolean resend) {
        contact.heard(contacts.now());
        return answer(contact, timing, resend);
    }

    private ReportReply answer(Contact contact, ReportTiming timing, boolean resend) {
        long acknowledged = resend ? 0 : contact.sequence();
        long lease = contact.lease(contacts.now(), timing, database.isShared());
        return new ReportReply(acknowledged, timing.nextReport(), lease, resend);
    }

    private NodeState store(JdbcClient writer, NodeName node, NodeReport report, Said before) {
        nodes.heard(writer, nodes.require(writer, node), report.facts())
                .ifPresent(was -> news.ready(writer, node, was));
        observations.store(writer, node, report);
        news.tell(writer, node, report, before);
        return nodes.require(writer, node).state();
    }

    private ProblemException otherAgent(NodeName node, Contact contact) {
        return new ProblemException(
                ProblemCode.NODE_ALREADY_JOINED,
                "another agent reported as node " + node + " " + (contacts.now() - contact.lastSeenAt())
                        + " ms ago; two agents must not have one name");
    }
}
