package dev.landlord.controlplane.ratelimit;

/**
 * So many a second in the long run.
 *
 * @param perSecond 1 or more
 * @param burst how many at once after a pause; 1 or more
 */
public record Rate(long perSecond, long burst) {
    public Rate {
        if (perSecond < 1 || burst < 1) {
            throw new IllegalArgumentException("a rate must be 1 or more, was " + perSecond + " and " + burst);
        }
    }
}
