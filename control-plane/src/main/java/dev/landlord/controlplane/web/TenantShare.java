package dev.landlord.controlplane.web;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.web.filter.OncePerRequestFilter;

/** Bounds how many requests of one tenant are served at a time, so that one cannot keep the others out. */
final class TenantShare extends OncePerRequestFilter {
    static final int CONCURRENT_MAX = 32;

    /** Only tenants with a request under way are in it. */
    private final ConcurrentHashMap<TenantName, Integer> underWay = new ConcurrentHashMap<>();

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
        int others = underWay.merge(tenant, 1, Integer::sum) - 1;
        boolean async = false;
        try {
            if (others >= CONCURRENT_MAX) {
                throw new ProblemException(
                        ProblemCode.RATE_LIMITED,
                        "tenant " + tenant.value() + " has " + CONCURRENT_MAX + " requests under way already");
            }
            chain.doFilter(request, response);
            async = request.isAsyncStarted();
            if (async) {
                request.getAsyncContext().addListener(new Release(tenant));
            }
        } finally {
            if (!async) {
                release(tenant);
            }
        }
    }

    private void release(TenantName tenant) {
        underWay.computeIfPresent(tenant, (name, count) -> count == 1 ? null : count - 1);
    }

    private final class Release implements AsyncListener {
        private final TenantName tenant;

        Release(TenantName tenant) {
            this.tenant = tenant;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            release(tenant);
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
