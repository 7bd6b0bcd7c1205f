package dev.landlord.controlplane.web;

import dev.landlord.controlplane.credential.IdentityToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the edge knows of a request, for what runs around security and for when the request is over. */
public final class RequestNotes {
    /** A header of answers that were given before, so that nothing was done for this one. */
    public static final String REPLAYED = "Idempotency-Replayed";

    private static final String CALLER = RequestNotes.class.getName() + ".caller";
    private static final String LISTENER = RequestNotes.class.getName() + ".listener";

    private RequestNotes() {}

    /** Who calls; null until that is known, or if the request bears no good token. */
    public static @Nullable IdentityToken caller(HttpServletRequest request) {
        return request.getAttribute(CALLER) instanceof IdentityToken caller ? caller : null;
    }

    /** The id under which logs and answers know the request. */
    public static String requestId(HttpServletResponse response) {
        return String.valueOf(response.getHeader(EdgeFilter.REQUEST_ID));
    }

    /**
     * Has the listener called before an answer with a body leaves, for what must be done when the caller has it: with the
     * problem that the answer tells of, or null. It may be called more than once.
     */
    public static void beforeAnswer(HttpServletRequest request, Consumer<@Nullable ProblemException> listener) {
        request.setAttribute(LISTENER, new Listener(listener));
    }

    private record Listener(Consumer<@Nullable ProblemException> consumer) {}

    /** What was asked for was done, and the answer is about to leave. */
    public static void answers(HttpServletRequest request) {
        tell(request, null);
    }

    private static void tell(HttpServletRequest request, @Nullable ProblemException problem) {
        if (request.getAttribute(LISTENER) instanceof Listener listener) {
            listener.consumer.accept(problem);
        }
    }

    static void note(HttpServletRequest request, IdentityToken caller) {
        request.setAttribute(CALLER, caller);
    }

    static void note(HttpServletRequest request, ProblemException problem) {
        tell(request, problem);
    }
}
