package dev.landlord.controlplane.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Holder;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.credential.Scope;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TenantShareTest {
    private static final Identity EVE = new Identity.Tenant(new TenantName("eve"));
    private static final Identity BOB = new Identity.Tenant(new TenantName("bob"));

    private final TenantShare share = new TenantShare();

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
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setAsyncSupported(true);
        request.setUserPrincipal(new IdentityToken(new Holder(caller, "id", Scope.READ_WRITE, Holder.NEVER)));
        return request;
    }
}
