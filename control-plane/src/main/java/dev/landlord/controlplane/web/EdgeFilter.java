package dev.landlord.controlplane.web;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.tls.Listener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The outermost filter: gives each request an id, keeps each listener to its own paths, bounds bodies, and answers for
 * whatever fails before or beside the controllers.
 */
final class EdgeFilter extends OncePerRequestFilter {
    static final String REQUEST_ID = "X-Request-Id";

    private static final String JOIN_PATH = "/node/v1/join";
    private static final long JOIN_MAX_BYTES = 64 << 10;

    private static final Pattern ACCEPTED_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Problems problems;

    EdgeFilter(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String id = requestId(request);
        response.setHeader(REQUEST_ID, id);
        MDC.put("requestId", id);
        try {
            pass(request, response, chain);
        } catch (RuntimeException failure) {
            problems.write(request, response, Failures.problem(failure));
        } catch (ServletException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            problems.write(request, response, Failures.problem(cause));
        } finally {
            MDC.remove("requestId");
        }
    }

    private static void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Listener listener = Listener.of(request);
        if (!request.getServletPath().startsWith(listener.pathPrefix())) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "there is nothing at this path");
        }
        chain.doFilter(
                new BoundedRequest(request, maxBodyBytes(request, listener), listener.maxBodyMillis()), response);
    }

    /** Whoever joins is a stranger until the body was read, so that must cost little. */
    private static long maxBodyBytes(HttpServletRequest request, Listener listener) {
        return request.getServletPath().equals(JOIN_PATH) ? JOIN_MAX_BYTES : listener.maxBodyBytes();
    }

    private static String requestId(HttpServletRequest request) {
        String given = request.getHeader(REQUEST_ID);
        return given != null && ACCEPTED_ID.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
    }
}
