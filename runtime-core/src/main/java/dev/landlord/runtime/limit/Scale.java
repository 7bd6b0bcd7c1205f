package dev.landlord.runtime.limit;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;

/** Translates between how version 1 and version 2 count. Pure. */
public final class Scale {
    private static final long MIN_SHARES = 2;
    private static final long MAX_SHARES = 262_144;
    private static final long PERIOD_MICROS = 100_000;
    /** The kernel's floor; a smaller share of a core needs a longer period, of which the ceiling is a second. */
    private static final long MIN_QUOTA_MICROS = 1_000;

    private Scale() {}

    /**
     * Version 2's weight for version 1's shares: a curve through the ends and both defaults, (2, 1), (1024, 100) and
     * (262144, 10000), which the runtimes of the field agreed on.
     */
    static int weightOfShares(long shares) {
        if (shares <= MIN_SHARES) {
            return 1;
        }
        if (shares >= MAX_SHARES) {
            return 10_000;
        }
        double log = Math.log((double) shares) / Math.log(2);
        double exponent = (log * log + 125 * log) / 612.0 - 7.0 / 34.0;
        return (int) Math.ceil(Math.pow(10, exponent) - 1e-6);
    }

    /** The largest shares that have this weight or less; the inverse wherever a weight has shares of its own. */
    public static long sharesOfWeight(int weight) {
        double exponent = Math.log10(weight) + 7.0 / 34.0;
        double log = (-125 + Math.sqrt(125 * 125 + 4 * 612 * exponent)) / 2;
        long shares = Math.clamp(Math.round(Math.pow(2, log)), MIN_SHARES, MAX_SHARES);
        while (shares > MIN_SHARES && weightOfShares(shares) > weight) {
            shares--;
        }
        while (shares < MAX_SHARES && weightOfShares(shares + 1) <= weight) {
            shares++;
        }
        return shares;
    }

    /** Version 2's weight of disk traffic for version 1's, 10 to 1,000: a straight line through both ends. */
    static int ioWeightOfBlkioWeight(int blkioWeight) {
        return (int) (1 + (blkioWeight - 10L) * 9999 / 990);
    }

    /** The inverse, rounded: BFQ counts as version 1 did. */
    public static int blkioWeightOfIoWeight(int ioWeight) {
        return (int) (10 + ((ioWeight - 1) * 990L + 9999 / 2) / 9999);
    }

    /** A hard cap in thousandths of a core as time per period. */
    static Quota quota(long cpuMaxMillis) {
        if (cpuMaxMillis < 10) {
            return new Quota(MIN_QUOTA_MICROS, 1_000_000 / cpuMaxMillis);
        }
        if (cpuMaxMillis > Long.MAX_VALUE / 100) {
            throw new SandboxException(
                    Kind.INVALID, "set cpu.maxMillis", Long.toString(cpuMaxMillis), "more than any host has");
        }
        return new Quota(cpuMaxMillis * 100, PERIOD_MICROS);
    }

    record Quota(long quotaMicros, long periodMicros) {}
}
