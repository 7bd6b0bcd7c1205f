package dev.landlord.controlplane.ratelimit;

import dev.landlord.controlplane.credential.Holder;
import dev.landlord.controlplane.credential.Identity;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** The limits of one replica. Thread-safe. Every method answers with 0, or with the seconds after which to try again. */
public final class RateLimits {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SHARED_PREFIX_BYTES = 8;

    private final Buckets tokens;
    private final Buckets tenants;
    private final Buckets failures;

    public RateLimits(Rate perToken, Rate perTenant, Rate failuresPerAddress) {
        this(perToken, perTenant, failuresPerAddress, TimeMeter.SYSTEM_NANOTIME);
    }

    RateLimits(Rate perToken, Rate perTenant, Rate failuresPerAddress, TimeMeter clock) {
        tokens = new Buckets(perToken, clock);
        tenants = new Buckets(perTenant, clock);
        failures = new Buckets(failuresPerAddress, clock);
    }

    /** Counts a request of the holder. A tenant's tokens together may do no more than a tenant may. */
    public long request(Holder holder) {
        long wait = tokens.take(holder.tokenId());
        if (wait == 0 && holder.identity() instanceof Identity.Tenant tenant) {
            wait = tenants.take(tenant.subject());
        }
        return seconds(wait);
    }

    /**
     * Whether one who shows a token that is not known to be good is to be heard at all.
     *
     * @param listener each has counts of its own
     */
    public long beforeTry(String listener, InetAddress address) {
        return seconds(failures.look(key(listener, address)));
    }

    /** Counts a wrong token. */
    public void failedTry(String listener, InetAddress address) {
        failures.take(key(listener, address));
    }

    /** Whoever has one address of version 6 has 2^64 of them. */
    private static String key(String listener, InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] counted = bytes.length > 4 ? Arrays.copyOf(bytes, SHARED_PREFIX_BYTES) : bytes;
        return listener + "/" + HexFormat.of().formatHex(counted);
    }

    private static long seconds(long nanos) {
        return (nanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
    }
}
