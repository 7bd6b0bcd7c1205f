package dev.landlord.controlplane.web;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.ratelimit.RateLimits;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Bounds how many requests of one tenant are served at a time, and how many changes it makes in the long run, so that one
 * cannot keep the others out. Who wants more waits behind the tenant's own requests before it is refused: a client that is
 * refused at once asks again at once, and each answer costs what the others could use.
 */
final class TenantShare extends OncePerRequestFilter {
    static final int CONCURRENT_MAX = 32;
    /** Served or waiting; each of them is a connection and a virtual thread. */
    static final int PRESENT_MAX = 256;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long RETRY_AFTER_SECONDS = 1;
    private static final Set<String> LOOKS = Set.of("GET", "HEAD", "OPTIONS");

    private final RateLimits limits;
    private final Duration patience;
    /** Only tenants with a request under way are in it. */
    private final ConcurrentHashMap<TenantName, Line> lines = new ConcurrentHashMap<>();

    TenantShare(RateLimits limits) {
        this(limits, PATIENCE);
    }

    TenantShare(RateLimits limits, Duration patience) {
        this.limits = limits;
        this.patience = patience;
    }

    /**
     * Of one tenant.
     *
     * @param turns those of whom nobody makes use now
     * @param present how many are served or wait
     */
    private record Line(Semaphore turns, int present) {
        static Line joined(@Nullable Line line) {
            return line == null
                    ? new Line(new Semaphore(CONCURRENT_MAX, true), 1)
                    : new Line(line.turns, line.present + 1);
        }

        /** Null if it was the last. */
        @Nullable
        Line left() {
            return present == 1 ? null : new Line(turns, present - 1);
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getUserPrincipal() instanceof IdentityToken token
                && token.identity() instanceof Identity.Tenant tenant) {
            share(tenant.name(), request, response, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    private void share(TenantName tenant, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Semaphore turns = take(tenant);
        boolean async = false;
        try {
            if (!LOOKS.contains(request.getMethod())) {
                awaitChange(tenant);
            }
            chain.doFilter(request, response);
            async = request.isAsyncStarted();
            if (async) {
                request.getAsyncContext().addListener(new Release(tenant, turns));
            }
        } finally {
            if (!async) {
                release(tenant, turns);
            }
        }
    }

    private Semaphore take(TenantName tenant) {
        Line line = Objects.requireNonNull(lines.compute(tenant, (name, before) -> Line.joined(before)));
        if (line.present <= PRESENT_MAX && hasTurn(line.turns)) {
            return line.turns;
        }
        leave(tenant);
        limits.countRefusal(RateLimits.Refusal.REQUESTS_UNDER_WAY);
        throw ProblemException.rateLimited(
                "tenant " + tenant.value() + " has " + CONCURRENT_MAX + " requests under way already",
                RETRY_AFTER_SECONDS);
    }

    private boolean hasTurn(Semaphore turns) {
        try {
            return turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitChange(TenantName tenant) {
        long wait = limits.awaitChange(tenant, patience);
        if (wait > 0) {
            throw ProblemException.rateLimited(
                    "tenant " + tenant.value() + " makes too many changes; try again in " + wait + " s", wait);
        }
    }

    private void release(TenantName tenant, Semaphore turns) {
        turns.release();
        leave(tenant);
    }

    private void leave(TenantName tenant) {
        lines.computeIfPresent(tenant, (name, line) -> line.left());
    }

    private final class Release implements AsyncListener {
        private final TenantName tenant;
        private final Semaphore turns;

        Release(TenantName tenant, Semaphore turns) {
            this.tenant = tenant;
            this.turns = turns;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            release(tenant, turns);
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {
            // A second cycle of the same request forgets its listeners.
            event.getAsyncContext().addListener(this);
        }
    }
}
