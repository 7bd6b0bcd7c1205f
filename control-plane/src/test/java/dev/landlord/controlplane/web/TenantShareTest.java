package dev.landlord.controlplane.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Holder;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.credential.Scope;
import dev.landlord.controlplane.ratelimit.Rate;
import dev.landlord.controlplane.ratelimit.RateLimits;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TenantShareTest {
    private static final Identity EVE = new Identity.Tenant(new TenantName("eve"));
    private static final Identity BOB = new Identity.Tenant(new TenantName("bob"));

    private static final Rate ANY = new Rate(1_000_000, 1_000_000);

    private final TenantShare share = share(ANY, Duration.ofNanos(1));

    private static TenantShare share(Rate changes, Duration patience) {
        return new TenantShare(new RateLimits(new RateLimits.Rates(ANY, ANY, changes, ANY)), patience);
    }

    @Test
    void servesSoManyRequestsOfATenantAtATimeAndNoMore() throws Exception {
        assertThat(nested(EVE, TenantShare.CONCURRENT_MAX)).isTrue();
        assertThat(nested(EVE, TenantShare.CONCURRENT_MAX + 1)).isFalse();
        assertThat(nested(EVE, TenantShare.CONCURRENT_MAX))
                .as("all were given back")
                .isTrue();
    }

    @Test
    void letsOthersInWhileOneTenantHasItsFill() throws Exception {
        boolean[] bob = new boolean[1];
        deep(EVE, TenantShare.CONCURRENT_MAX, () -> bob[0] = nested(BOB, TenantShare.CONCURRENT_MAX));
        assertThat(bob[0]).isTrue();
    }

    @Test
    void doesNotBoundTheOperator() throws Exception {
        assertThat(nested(new Identity.Operator(), 2 * TenantShare.CONCURRENT_MAX))
                .isTrue();
    }

    @Test
    void countsAnAsynchronousAnswerUntilItIsComplete() throws Exception {
        MockHttpServletRequest waiting = request(EVE);
        share.doFilter(waiting, new MockHttpServletResponse(), (request, response) -> waiting.startAsync());
        assertThat(nested(EVE, TenantShare.CONCURRENT_MAX)).isFalse();
        Objects.requireNonNull((MockAsyncContext) waiting.getAsyncContext()).complete();
        assertThat(nested(EVE, TenantShare.CONCURRENT_MAX)).isTrue();
    }

    @Test
    void whoComesTooEarlyIsServedWhenAnotherHasGone() throws Exception {
        TenantShare patient = share(ANY, Duration.ofMinutes(1));
        List<Semaphore> ends = new ArrayList<>();
        List<Future<Boolean>> others = new ArrayList<>();
        CountDownLatch served = new CountDownLatch(TenantShare.CONCURRENT_MAX);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < TenantShare.CONCURRENT_MAX; i++) {
                Semaphore end = new Semaphore(0);
                ends.add(end);
                others.add(threads.submit(() -> {
                    patient.doFilter(request(EVE), new MockHttpServletResponse(), (request, response) -> {
                        served.countDown();
                        end.acquireUninterruptibly();
                    });
                    return true;
                }));
            }
            try {
                assertThat(served.await(1, TimeUnit.MINUTES)).isTrue();
                CountDownLatch next = new CountDownLatch(1);
                Future<Boolean> waiting = threads.submit(() -> {
                    patient.doFilter(
                            request(EVE), new MockHttpServletResponse(), (request, response) -> next.countDown());
                    return true;
                });
                assertThat(next.getCount()).as("all turns are taken").isEqualTo(1);
                ends.getFirst().release();
                assertThat(waiting.get(1, TimeUnit.MINUTES)).isTrue();
                assertThat(next.getCount()).isZero();
            } finally {
                ends.forEach(Semaphore::release);
            }
            for (Future<Boolean> other : others) {
                assertThat(other.get(1, TimeUnit.MINUTES)).isTrue();
            }
        }
    }

    @Test
    void refusesChangesThatComeTooFastAndServesWhoOnlyLooks() throws Exception {
        TenantShare slow = share(new Rate(1, 2), Duration.ofNanos(1));
        int[] served = new int[1];
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            MockHttpServletRequest change = request(EVE);
            change.setMethod("PUT");
            try {
                slow.doFilter(change, new MockHttpServletResponse(), (request, response) -> served[0]++);
            } catch (ProblemException expected) {
                assertThat(expected.code()).isEqualTo(ProblemCode.RATE_LIMITED);
                refused++;
            }
            slow.doFilter(request(EVE), new MockHttpServletResponse(), (request, response) -> {});
        }
        assertThat(served[0]).isGreaterThanOrEqualTo(2);
        assertThat(refused).as("one a second comes back, and asking is faster").isPositive();
    }

    private interface Work {
        void run() throws IOException, ServletException;
    }

    private boolean nested(Identity caller, int depth) throws IOException, ServletException {
        try {
            deep(caller, depth, () -> {});
            return true;
        } catch (ProblemException refused) {
            assertThat(refused.code()).isEqualTo(ProblemCode.RATE_LIMITED);
            return false;
        }
    }

    /** So many requests, each under way while the next comes; the work runs inside of the last. */
    private void deep(Identity caller, int depth, Work work) throws IOException, ServletException {
        if (depth == 0) {
            work.run();
            return;
        }
        share.doFilter(
                request(caller), new MockHttpServletResponse(), (request, response) -> deep(caller, depth - 1, work));
    }

    private static MockHttpServletRequest request(Identity caller) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
        request.setAsyncSupported(true);
        request.setUserPrincipal(new IdentityToken(new Holder(caller, "id", Scope.READ_WRITE, Holder.NEVER)));
        return request;
    }
}
