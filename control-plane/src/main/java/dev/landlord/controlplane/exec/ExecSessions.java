package dev.landlord.controlplane.exec;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.ratelimit.RateLimits;
import dev.landlord.controlplane.web.ProblemException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Those under way. An id is random, and good for one call of one node and one of its tenant. */
@Component
final class ExecSessions implements DisposableBean {
    static final int OF_TENANT_MAX = 8;
    /** What an agent serves at a time. */
    static final int OF_NODE_MAX = 16;

    static final int OPEN_MAX = 256;
    private static final long LOOK_MILLIS = 5_000;
    private static final int ID_BYTES = 16;

    private final RateLimits limits;
    private final Map<String, ExecSession> sessions = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("exec-clock").factory());

    private final ScheduledFuture<?> looking;

    ExecSessions(RateLimits limits) {
        this.limits = limits;
        looking = clock.scheduleWithFixedDelay(
                () -> sessions.values().forEach(ExecSession::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A tenant that has too many is refused: unlike a log, none of them may be ended for a newer one. */
    synchronized ExecSession create(NodeName node, TenantName tenant) {
        if (count(session -> session.tenant().equals(tenant)) >= OF_TENANT_MAX) {
            limits.countRefusal(RateLimits.Refusal.PROGRAMS);
            throw new ProblemException(
                    ProblemCode.RATE_LIMITED,
                    "tenant " + tenant + " has " + OF_TENANT_MAX + " programs of this kind under way already");
        }
        if (sessions.size() >= OPEN_MAX || count(session -> session.node().equals(node)) >= OF_NODE_MAX) {
            throw new ProblemException(
                    ProblemCode.UNAVAILABLE,
                    "too many programs of this kind are under way on node " + node + "; try again later");
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        ExecSession session = new ExecSession(HexFormat.of().formatHex(id), node, tenant, this::forget);
        sessions.put(session.id(), session);
        return session;
    }

    private long count(Predicate<ExecSession> which) {
        return sessions.values().stream().filter(which).count();
    }

    private void forget(ExecSession session) {
        sessions.remove(session.id());
    }

    Optional<ExecSession> find(String id) {
        return Optional.ofNullable(sessions.get(id));
    }

    @Override
    public void destroy() {
        looking.cancel(false);
        clock.shutdown();
        sessions.values().forEach(session -> session.end("the control plane stops"));
    }
}
