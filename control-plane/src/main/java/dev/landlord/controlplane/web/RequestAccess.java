package dev.landlord.controlplane.web;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Holder;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.credential.NodeRefusals;
import dev.landlord.controlplane.credential.Scope;
import dev.landlord.controlplane.ratelimit.RateLimits;
import dev.landlord.controlplane.tls.Listener;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/** Asks {@link Access} about each request, with the path taken apart just as the controllers' mappings do it. */
final class RequestAccess implements AuthorizationManager<RequestAuthorizationContext> {
    private final RateLimits limits;
    private final NodeRefusals refusals;

    RequestAccess(RateLimits limits, NodeRefusals refusals) {
        this.limits = limits;
        this.refusals = refusals;
    }

    @Override
    public AuthorizationResult authorize(
            Supplier<? extends Authentication> authentication, RequestAuthorizationContext context) {
        HttpServletRequest request = context.getRequest();
        List<String> path = segments(request);
        Identity caller = null;
        boolean mayChange = true;
        if (authentication.get() instanceof IdentityToken token) {
            RequestNotes.note(request, token);
            caller = token.identity();
            countRequest(request, token.holder());
            mayChange = token.holder().scope() == Scope.READ_WRITE;
        }
        return switch (Access.decide(Listener.of(request), request.getMethod(), path, caller)) {
            case ALLOWED -> {
                if (!mayChange && Access.mayChangeSomething(request.getMethod(), path)) {
                    throw new ProblemException(
                            ProblemCode.FORBIDDEN, "a read-only token may not " + request.getMethod() + " this path");
                }
                yield new AuthorizationDecision(true);
            }
            case UNAUTHENTICATED -> new AuthorizationDecision(false);
            case FORBIDDEN ->
                throw caller instanceof Identity.Node node && Listener.of(request) == Listener.NODE
                        ? otherNode(node, request)
                        : new ProblemException(
                                ProblemCode.FORBIDDEN,
                                "a token of kind " + (caller == null ? "none" : caller.kind()) + " may not "
                                        + request.getMethod() + " this path");
            case HIDDEN -> throw ProblemException.notFound("tenant", name(path));
        };
    }

    /** Agents have a listener of their own, and its bounds. */
    private void countRequest(HttpServletRequest request, Holder holder) {
        long wait = Listener.of(request) == Listener.PUBLIC ? limits.request(holder) : 0;
        if (wait > 0) {
            throw ProblemException.rateLimited("there were too many requests; try again in " + wait + " s", wait);
        }
    }

    private ProblemException otherNode(Identity.Node node, HttpServletRequest request) {
        refusals.count(NodeRefusals.Reason.OTHER_NODE);
        return new ProblemException(
                ProblemCode.FORBIDDEN,
                "this is not of node " + node.name() + ", whose certificate was shown: it may not "
                        + request.getMethod() + " this path");
    }

    private static List<String> segments(HttpServletRequest request) {
        return RequestPath.parse(request.getRequestURI(), request.getContextPath())
                .pathWithinApplication()
                .elements()
                .stream()
                .filter(PathContainer.PathSegment.class::isInstance)
                .map(segment -> ((PathContainer.PathSegment) segment).valueToMatch())
                .toList();
    }

    /** Without an action such as {@code :suspend}. */
    private static String name(List<String> path) {
        String segment = path.get(3);
        int colon = segment.indexOf(':');
        return colon < 0 ? segment : segment.substring(0, colon);
    }
}
