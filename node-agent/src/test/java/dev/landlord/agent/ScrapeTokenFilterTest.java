package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ScrapeTokenFilterTest {
    private static boolean passes(@Nullable String authorization) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest("ll_right".getBytes(StandardCharsets.UTF_8));
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/metrics");
        if (authorization != null) {
            request.addHeader("Authorization", authorization);
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        MockFilterChain chain = new MockFilterChain();
        new ScrapeTokenFilter(HexFormat.of().formatHex(digest)).doFilter(request, response, chain);
        boolean passed = chain.getRequest() != null;
        assertThat(response.getStatus()).isEqualTo(passed ? 200 : 401);
        return passed;
    }

    @Test
    void onlyTheTokenOpens() throws Exception {
        assertThat(passes("Bearer ll_right")).isTrue();
        assertThat(passes(null)).isFalse();
        assertThat(passes("Bearer ll_wrong")).isFalse();
        assertThat(passes("Bearer ")).isFalse();
        assertThat(passes("Basic ll_right")).isFalse();
        assertThat(passes("ll_right")).isFalse();
    }
}
