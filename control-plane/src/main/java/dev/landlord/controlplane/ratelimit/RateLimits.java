package dev.landlord.controlplane.ratelimit;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.credential.Holder;
import dev.landlord.controlplane.credential.Identity;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.UninterruptibleBlockingStrategy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The limits of one replica. Thread-safe. Every method answers with 0, or with the seconds after which to try again. */
public final class RateLimits {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SHARED_PREFIX_BYTES = 8;

    private final Buckets tokens;
    private final Buckets tenants;
    private final Buckets changes;
    private final Buckets failures;
    private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);
    private final LongAdder failedTries = new LongAdder();

    /** What somebody had too much of. Few, since each becomes a label of a metric. */
    public enum Refusal {
        /** Of one token, or of all of a tenant. */
        REQUESTS,
        /** Of a tenant at the same time. */
        REQUESTS_UNDER_WAY,
        /** Of a tenant. */
        CHANGES,
        /** From one address. */
        WRONG_TOKENS,
        /** Of one caller, or of all: reads that wait for a change, and streams. */
        WAITING_READS,
        /** Of everybody at the same time. */
        PREVIEWS,
        /** Of a tenant: programs begun in its sandboxes from outside. */
        PROGRAMS;

        /** Lower case with dashes. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

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
        for (Refusal each : Refusal.values()) {
            refused.put(each, new LongAdder());
        }
    }

    /** Counts a request of the holder. A tenant's tokens together may do no more than a tenant may. */
    public long request(Holder holder) {
        long wait = tokens.take(holder.tokenId());
        if (wait == 0 && holder.identity() instanceof Identity.Tenant tenant) {
            wait = tenants.take(tenant.subject());
        }
        return seconds(Refusal.REQUESTS, wait);
    }

    /**
     * Counts a change of the tenant, and waits for its turn if there is one in time; each waits behind those that came before.
     *
     * @param patience more than 0; what would take longer is not waited for
     */
    public long awaitChange(TenantName tenant, Duration patience) {
        return seconds(Refusal.CHANGES, changes.await(tenant.value(), patience));
    }

    /**
     * Whether one who shows a token that is not known to be good is to be heard at all.
     *
     * @param listener each has counts of its own
     */
    public long beforeTry(String listener, InetAddress address) {
        return seconds(Refusal.WRONG_TOKENS, failures.look(key(listener, address)));
    }

    /** Counts a wrong token. */
    public void failedTry(String listener, InetAddress address) {
        failedTries.increment();
        failures.take(key(listener, address));
    }

    /** Counts one that was refused by another's rule than those above. */
    public void countRefusal(Refusal refusal) {
        adder(refusal).increment();
    }

    /** How many were refused since the start. */
    public long refused(Refusal refusal) {
        return adder(refusal).sum();
    }

    /** How many wrong tokens were shown since the start, without those of who was not heard. */
    public long failedTries() {
        return failedTries.sum();
    }

    private LongAdder adder(Refusal refusal) {
        LongAdder adder = refused.get(refusal);
        if (adder == null) {
            throw new IllegalStateException("no count for " + refusal);
        }
        return adder;
    }

    /** Whoever has one address of version 6 has 2^64 of them. */
    private static String key(String listener, InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] counted = bytes.length > 4 ? Arrays.copyOf(bytes, SHARED_PREFIX_BYTES) : bytes;
        return listener + "/" + HexFormat.of().formatHex(counted);
    }

    private long seconds(Refusal refusal, long nanos) {
        if (nanos > 0) {
            countRefusal(refusal);
        }
        return (nanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
    }
}
