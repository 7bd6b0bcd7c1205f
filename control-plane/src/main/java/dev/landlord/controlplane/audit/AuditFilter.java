package dev.landlord.controlplane.audit;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreUnavailableException;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.RequestNotes;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives each request that may change something its {@link Trail}, and records in the end what no transaction has: refusals, and
 * commands that change nothing in the store.
 */
final class AuditFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(AuditFilter.class);

    private static final String PREFIX = "/api/v1/";
    private static final Set<String> CHANGES = Set.of("PUT", "POST", "DELETE", "PATCH");

    /** Not refusals by a rule or a right; the first two are counted, and would make the log the target of a flood. */
    private static final Set<ProblemCode> UNTOLD = Set.of(
            ProblemCode.RATE_LIMITED, ProblemCode.UNAUTHENTICATED, ProblemCode.UNAVAILABLE, ProblemCode.INTERNAL);

    private final Database database;
    private final AuditLog log;
    private final JsonMapper mapper;

    AuditFilter(Database database, AuditLog log, JsonMapper mapper) {
        this.database = database;
        this.log = log;
        this.mapper = mapper;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !CHANGES.contains(request.getMethod())
                || !request.getRequestURI().startsWith(PREFIX);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Trail trail = new Trail(mapper, RequestNotes.requestId(response), request.getMethod(), request.getRequestURI());
        request.setAttribute(Trail.class.getName(), trail);
        // Whoever has the answer finds the entry.
        RequestNotes.beforeAnswer(request, problem -> record(trail, request, response, problem));
        chain.doFilter(request, response);
        // An answer without a body was not announced.
        record(trail, request, response, null);
    }

    private void record(
            Trail trail, HttpServletRequest request, HttpServletResponse response, @Nullable ProblemException problem) {
        IdentityToken caller = RequestNotes.caller(request);
        if (caller == null) {
            return;
        }
        if (problem == null && isDone(response) && trail.isCommand() && !trail.isRecorded()) {
            write(trail.accepted(caller));
        } else if (problem != null && !UNTOLD.contains(problem.code()) && !trail.isRefused()) {
            write(trail.refused(caller, problem.code().wire(), String.valueOf(problem.getMessage())));
        }
    }

    private static boolean isDone(HttpServletResponse response) {
        return response.getStatus() / 100 == 2 && response.getHeader(RequestNotes.REPLAYED) == null;
    }

    private void write(AuditEntry entry) {
        try {
            database.writeQuietly(writer -> {
                log.append(writer, entry);
                return true;
            });
        } catch (StoreUnavailableException failure) {
            LOG.warn("The audit log lacks request {}: {}", entry.requestId(), failure.getMessage());
        }
    }
}
