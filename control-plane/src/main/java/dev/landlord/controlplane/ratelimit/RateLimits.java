package dev.landlord.controlplane.ratelimit;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.credential.Holder;
import dev.landlord.controlplane.credential.Identity;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.UninterruptibleBlockingStrategy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;

/** The limits of one replica. Thread-safe. Every method answers with 0, or with the seconds after which to try again. */
public final class RateLimits {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SHARED_PREFIX_BYTES = 8;

    private final Buckets tokens;
    private final Buckets tenants;
    private final Buckets changes;
    private final Buckets failures;

    /**
     * How much.
     *
     * @param changesPerTenant requests that may change something
     * @param failuresPerAddress wrong tokens
     */
    public record Rates(Rate perToken, Rate perTenant, Rate changesPerTenant, Rate failuresPerAddress) {}

    public RateLimits(Rates rates) {
        this(rates, TimeMeter.SYSTEM_NANOTIME, UninterruptibleBlockingStrategy.PARKING);
    }

    RateLimits(Rates rates, TimeMeter clock, UninterruptibleBlockingStrategy waiting) {
        tokens = new Buckets(rates.perToken(), clock, waiting);
        tenants = new Buckets(rates.perTenant(), clock, waiting);
        changes = new Buckets(rates.changesPerTenant(), clock, waiting);
        failures = new Buckets(rates.failuresPerAddress(), clock, waiting);
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
     * Counts a change of the tenant, and waits for its turn if there is one in time; each waits behind those that came before.
     *
     * @param patience more than 0; what would take longer is not waited for
     */
    public long awaitChange(TenantName tenant, Duration patience) {
        return seconds(changes.await(tenant.value(), patience));
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
