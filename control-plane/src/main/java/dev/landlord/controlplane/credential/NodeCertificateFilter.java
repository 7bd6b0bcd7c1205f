package dev.landlord.controlplane.credential;

import dev.landlord.controlplane.credential.Admissions.Verdict;
import dev.landlord.controlplane.tls.Listener;
import dev.landlord.controlplane.tls.NodeSubject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * On the listener of agents the certificate says who calls, and nothing else does. One that is worth nothing makes its holder
 * a stranger, who may still join.
 */
public final class NodeCertificateFilter extends OncePerRequestFilter {
    private static final String REFUSAL = NodeCertificateFilter.class.getName();

    private final SecurityContextHolderStrategy holder = SecurityContextHolder.getContextHolderStrategy();
    private final Admissions admissions;
    private final NodeRefusals refusals;

    public NodeCertificateFilter(Admissions admissions, NodeRefusals refusals) {
        this.admissions = admissions;
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (Listener.of(request) == Listener.NODE) {
            Optional<X509Certificate> shown = NodeSubject.shown(request);
            shown.ifPresent(certificate -> judge(request, certificate));
        }
        chain.doFilter(request, response);
    }

    private void judge(HttpServletRequest request, X509Certificate certificate) {
        switch (admissions.judge(certificate)) {
            case Verdict.Good good -> {
                SecurityContext context = holder.createEmptyContext();
                context.setAuthentication(IdentityToken.of(good.subject()));
                holder.setContext(context);
            }
            case Verdict.Bad bad -> request.setAttribute(REFUSAL, bad);
        }
    }

    /** What a stranger is told at the node API; it is counted. */
    public String refused(HttpServletRequest request) {
        if (request.getAttribute(REFUSAL) instanceof Verdict.Bad bad) {
            refusals.count(bad.reason());
            return bad.message();
        }
        refusals.count(NodeRefusals.Reason.NO_CERTIFICATE);
        return "the node's own certificate is required; a node gets it when it joins";
    }
}
