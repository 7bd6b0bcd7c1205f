package dev.landlord.controlplane.certificate;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Admissions;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tls.CertificateAuthority;
import dev.landlord.controlplane.tls.IssuedCertificate;
import dev.landlord.controlplane.tls.NodeSubject;
import dev.landlord.controlplane.web.ProblemException;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Makes certificates for nodes. Thread-safe. */
public final class NodeCertificates {
    private final CertificateAuthority authority;
    private final Admissions admissions;
    private final Database database;
    private final Duration life;

    /** @param life of each certificate */
    public NodeCertificates(CertificateAuthority authority, Admissions admissions, Database database, Duration life) {
        this.authority = authority;
        this.admissions = admissions;
        this.database = database;
        this.life = life;
    }

    /** What a node would get, and is worth nothing until it is admitted. */
    public record Draft(NodeSubject subject, IssuedCertificate certificate) {}

    /**
     * Signs the key of a node that wants to come in.
     *
     * @throws ProblemException naming the field {@code /certificateRequest}, if that is not a request
     */
    public Draft draft(NodeName node, String certificateRequest) {
        NodeSubject subject = admissions.newSubject(node);
        return new Draft(subject, sign(certificateRequest, subject));
    }

    /** Lets the node in with this certificate, and with none that it had before. */
    public void admit(JdbcClient writer, Draft draft) {
        admissions.admit(writer, draft.subject(), draft.certificate().expiresAt());
    }

    /** Whether the node has a certificate that is not revoked. */
    public boolean isAdmitted(JdbcClient reader, NodeName node) {
        return admissions.isAdmitted(reader, node);
    }

    private IssuedCertificate sign(String certificateRequest, NodeSubject subject) {
        try {
            return authority.signNode(certificateRequest, subject, life);
        } catch (IllegalArgumentException invalid) {
            throw ProblemException.invalidField("/certificateRequest", String.valueOf(invalid.getMessage()));
        }
    }

    /**
     * Signs what an agent's metrics listener will show.
     *
     * @param names host names and addresses, the node's own first
     */
    public String signMetrics(String certificateRequest, List<String> names) {
        try {
            return authority.sign(certificateRequest, names);
        } catch (IllegalArgumentException invalid) {
            throw ProblemException.invalidField("/metricsCertificateRequest", String.valueOf(invalid.getMessage()));
        }
    }

    /** The next certificate of a node, of the same admission as the one that it shows. Returns a PEM chain. */
    public String renew(IdentityToken caller, String certificateRequest) {
        NodeSubject subject = subject(caller);
        IssuedCertificate next = sign(certificateRequest, subject);
        if (!database.write(writer -> admissions.renewed(writer, subject, next.expiresAt()))) {
            throw revoked(subject);
        }
        return next.chain();
    }

    /** Throws if the caller's certificate was revoked since its request came. */
    public void requireGood(IdentityToken caller) {
        NodeSubject subject = subject(caller);
        if (!admissions.isGood(subject)) {
            throw revoked(subject);
        }
    }

    private static NodeSubject subject(IdentityToken caller) {
        return caller.subject().orElseThrow(() -> new IllegalStateException("a node without a certificate"));
    }

    private static ProblemException revoked(NodeSubject subject) {
        return new ProblemException(
                ProblemCode.UNAUTHENTICATED,
                "the certificate of node " + subject.node() + " was revoked: let the node join anew");
    }
}
