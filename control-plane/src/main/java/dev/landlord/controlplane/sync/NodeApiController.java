package dev.landlord.controlplane.sync;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.join.JoinReply;
import dev.landlord.api.join.JoinRequest;
import dev.landlord.api.join.RenewalReply;
import dev.landlord.api.join.RenewalRequest;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ReportReply;
import dev.landlord.controlplane.certificate.NodeCertificates;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tls.CertificateAuthority;
import dev.landlord.controlplane.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The node API. That a node speaks only of itself is decided before a request comes here. */
@RestController
@RequestMapping("/node/v1")
class NodeApiController {
    private static final long WAIT_MAX_MILLIS = 60_000;

    private final CertificateAuthority authority;
    private final Joining joining;
    private final Reports reports;
    private final Mailboxes mailboxes;
    private final Database database;
    private final Nodes nodes;
    private final NodeCertificates certificates;

    NodeApiController(
            CertificateAuthority authority,
            Joining joining,
            Reports reports,
            Mailboxes mailboxes,
            Database database,
            Nodes nodes,
            NodeCertificates certificates) {
        this.authority = authority;
        this.joining = joining;
        this.reports = reports;
        this.mailboxes = mailboxes;
        this.database = database;
        this.nodes = nodes;
        this.certificates = certificates;
    }

    @GetMapping(path = "/ca", produces = "application/x-pem-file")
    String authority() {
        return authority.pem();
    }

    @PostMapping(path = "/join", consumes = MediaType.APPLICATION_JSON_VALUE)
    JoinReply join(@RequestBody byte[] body, HttpServletRequest request) {
        JoinRequest asked = WireJson.read(body, JoinRequest.class);
        JoinReply reply = joining.join(asked, request.getRemoteAddr());
        mailboxes.forget(asked.node());
        return reply;
    }

    @PostMapping(path = "/nodes/{node}/report", consumes = MediaType.APPLICATION_JSON_VALUE)
    ReportReply report(@PathVariable NodeName node, @RequestBody byte[] body) {
        return reports.take(node, WireJson.read(body, NodeReport.class));
    }

    /** Whose path it is, is decided before; of whom the next certificate speaks, by the one that is shown. */
    @PostMapping(path = "/nodes/{node}/certificate", consumes = MediaType.APPLICATION_JSON_VALUE)
    RenewalReply renew(
            @PathVariable NodeName node, @RequestBody byte[] body, IdentityToken caller, HttpServletRequest request) {
        RenewalRequest asked = WireJson.read(body, RenewalRequest.class);
        WireJson.require(asked.certificateRequest(), "/certificateRequest");
        String metrics = asked.metricsCertificateRequest();
        return new RenewalReply(
                certificates.renew(caller, asked.certificateRequest()),
                metrics == null
                        ? null
                        : certificates.signMetrics(metrics, Joining.names(node, request.getRemoteAddr())));
    }

    /** Blocks a virtual thread, and nothing else. What comes up meanwhile is not told to whom was revoked meanwhile. */
    @GetMapping("/nodes/{node}/desired")
    ResponseEntity<DesiredReply> desired(
            @PathVariable NodeName node,
            @RequestParam("generation") String generation,
            @RequestParam("waitMillis") long waitMillis,
            IdentityToken caller)
            throws InterruptedException {
        Mailbox mailbox = mailboxes.of(node);
        Generation seen = generation(generation);
        compare(node, seen, mailbox);
        Duration wait = Duration.ofMillis(Math.clamp(waitMillis, 0, WAIT_MAX_MILLIS));
        Optional<DesiredReply> reply = mailbox.await(seen, wait);
        certificates.requireGood(caller);
        return reply.map(ResponseEntity::ok)
                .orElseGet(() -> ResponseEntity.noContent().build());
    }

    private static Generation generation(String text) {
        try {
            return Generation.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw ProblemException.invalidField("?generation", "must be incarnation:number");
        }
    }

    /**
     * What is to be told at once is compared with the store. An agent that knows more than that has an older copy before it,
     * which must not be obeyed. One that knows more than this replica was with another one that was faster, and one that
     * is to be told less than what is stored may have its name from a node that was deleted: both wait for the newest.
     */
    private void compare(NodeName node, Generation seen, Mailbox mailbox) {
        DesiredState newest = mailbox.newest();
        if (newest == null || newest.generation().equals(seen)) {
            return;
        }
        long stored = database.read(
                reader -> nodes.find(reader, node).map(NodeRecord::generation).orElse(0L));
        mailbox.retractOlderThan(stored);
        if (seen.sameIncarnation(newest.generation()) && seen.number() > stored) {
            throw new ProblemException(
                    ProblemCode.STALE_GENERATION,
                    "node " + node + " has seen generation " + seen + ", this control plane only " + stored
                            + ": its database is older than what the node was told");
        }
    }
}
