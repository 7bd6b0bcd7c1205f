package dev.landlord.agent.identity;

import java.time.Duration;
import java.time.Instant;

/** When a certificate is renewed. Pure. */
public final class RenewalTime {
    private static final double SHARE = 2.0 / 3;
    /** So that hosts that joined in one minute do not all come in one minute. */
    private static final double SPREAD = 0.1;

    private static final double MAX_WAIT_SHARE = 0.05;
    private static final Duration MAX_WAIT = Duration.ofHours(1);

    private RenewalTime() {}

    /**
     * Two thirds of the life after its begin, less up to a tenth of the life.
     *
     * @param random 0 to 1
     */
    public static Instant due(Instant notBefore, Instant notAfter, double random) {
        double share = SHARE - SPREAD * random;
        return notBefore.plus(part(notBefore, notAfter, share));
    }

    /** The longest wait between two tries: there are to be several before the end. */
    public static Duration longestWait(Instant notBefore, Instant notAfter) {
        Duration part = part(notBefore, notAfter, MAX_WAIT_SHARE);
        return part.compareTo(MAX_WAIT) < 0 ? part : MAX_WAIT;
    }

    private static Duration part(Instant notBefore, Instant notAfter, double share) {
        return Duration.ofMillis((long) (Duration.between(notBefore, notAfter).toMillis() * share));
    }
}
