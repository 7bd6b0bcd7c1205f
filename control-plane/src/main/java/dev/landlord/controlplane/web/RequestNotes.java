package dev.landlord.controlplane.web;

import dev.landlord.controlplane.credential.IdentityToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** What the edge knows of a request, for what runs around security and for when the request is over. */
public final class RequestNotes {
    /** A header of answers that were given before, so that nothing was done for this one. */
    public static final String REPLAYED = "Idempotency-Replayed";

    private static final String CALLER = RequestNotes.class.getName() + ".caller";
    private static final String PROBLEM = RequestNotes.class.getName() + ".problem";

    private RequestNotes() {}

    /** Who calls; null until that is known, or if the request bears no good token. */
    public static @Nullable IdentityToken caller(HttpServletRequest request) {
        return request.getAttribute(CALLER) instanceof IdentityToken caller ? caller : null;
    }

    /** What was answered instead of what was asked for; null if nothing was in the way. */
    public static @Nullable ProblemException problem(HttpServletRequest request) {
        return request.getAttribute(PROBLEM) instanceof ProblemException problem ? problem : null;
    }

    /** The id under which logs and answers know the request. */
    public static String requestId(HttpServletResponse response) {
        return String.valueOf(response.getHeader(EdgeFilter.REQUEST_ID));
    }

    static void note(HttpServletRequest request, IdentityToken caller) {
        request.setAttribute(CALLER, caller);
    }

    static void note(HttpServletRequest request, ProblemException problem) {
        request.setAttribute(PROBLEM, problem);
    }
}
