package dev.landlord.controlplane.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.credential.Holder;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.Scope;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.1");

    private final Clock clock = new Clock();
    private final RateLimits limits = new RateLimits(
            new RateLimits.Rates(new Rate(1, 3), new Rate(1, 5), new Rate(10, 2), new Rate(1, 2)),
            clock,
            nanos -> clock.advance(Duration.ofNanos(nanos)));

    @Test
    void letsATokenMakeItsBurstAndThenItsRate() {
        Holder alice = tenant("alice", "t1");
        for (int request = 0; request < 3; request++) {
            assertThat(limits.request(alice)).isZero();
        }
        assertThat(limits.request(alice)).isEqualTo(1);
        clock.advance(Duration.ofMillis(999));
        assertThat(limits.request(alice)).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(limits.request(alice)).isZero();
        assertThat(limits.request(alice)).isEqualTo(1);
    }

    @Test
    void boundsAllTokensOfATenantTogetherAndNoOther() {
        for (int request = 0; request < 5; request++) {
            assertThat(limits.request(tenant("alice", "t" + request))).isZero();
        }
        assertThat(limits.request(tenant("alice", "t9"))).isEqualTo(1);
        assertThat(limits.request(tenant("bob", "b1"))).isZero();
        for (int request = 0; request < 9; request++) {
            assertThat(limits.request(new Holder(new Identity.Operator(), "o" + request, Scope.READ, Holder.NEVER)))
                    .as("operators have no tenant")
                    .isZero();
        }
    }

    @Test
    void hearsNoMoreOfWhoShowsWrongTokens() {
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(limits.beforeTry("PUBLIC", HERE)).isZero();
            limits.failedTry("PUBLIC", HERE);
        }
        assertThat(limits.beforeTry("PUBLIC", HERE)).isEqualTo(1);
        assertThat(limits.beforeTry("NODE", HERE))
                .as("agents are counted apart")
                .isZero();
        assertThat(limits.beforeTry("PUBLIC", InetAddress.ofLiteral("192.0.2.2")))
                .isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(limits.beforeTry("PUBLIC", HERE)).isZero();
    }

    @Test
    void letsChangesOfATenantWaitForTheirTurnButNotForLong() {
        TenantName alice = new TenantName("alice");
        long begin = clock.currentTimeNanos();
        for (int change = 0; change < 7; change++) {
            assertThat(limits.awaitChange(alice, Duration.ofSeconds(1))).isZero();
        }
        assertThat(Duration.ofNanos(clock.currentTimeNanos() - begin))
                .as("two at once, and ten a second from then on")
                .isEqualTo(Duration.ofMillis(500));
        assertThat(limits.awaitChange(alice, Duration.ofMillis(99)))
                .as("would have to wait for longer")
                .isEqualTo(1);
        assertThat(limits.awaitChange(alice, Duration.ofMillis(100)))
                .as("what was refused counts nothing")
                .isZero();
        assertThat(limits.awaitChange(new TenantName("bob"), Duration.ofNanos(1)))
                .isZero();
    }

    @Test
    void countsANetworkOfVersionSixAsOne() {
        limits.failedTry("PUBLIC", InetAddress.ofLiteral("2001:db8::1"));
        limits.failedTry("PUBLIC", InetAddress.ofLiteral("2001:db8::2"));
        assertThat(limits.beforeTry("PUBLIC", InetAddress.ofLiteral("2001:db8::3")))
                .isEqualTo(1);
        assertThat(limits.beforeTry("PUBLIC", InetAddress.ofLiteral("2001:db8:0:1::1")))
                .isZero();
    }

    @Test
    void keepsABoundedNumberOfBuckets() {
        Buckets buckets = new Buckets(new Rate(1, 1), clock, nanos -> {});
        for (int name = 0; name < Buckets.CAPACITY + 50; name++) {
            buckets.take("n" + name);
        }
        assertThat(buckets.size()).isEqualTo(Buckets.CAPACITY);
        assertThat(buckets.take("n" + (Buckets.CAPACITY + 49)))
                .as("the newest is remembered")
                .isPositive();
        assertThat(buckets.take("n0")).as("the oldest is not").isZero();
    }

    private static Holder tenant(String name, String token) {
        return new Holder(new Identity.Tenant(new TenantName(name)), token, Scope.READ_WRITE, Holder.NEVER);
    }

    private static final class Clock implements TimeMeter {
        private long nanos = 1;

        void advance(Duration time) {
            nanos += time.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
