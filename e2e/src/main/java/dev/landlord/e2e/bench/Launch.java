package dev.landlord.e2e.bench;

/**
 * One measured launch.
 *
 * @param execMicros from the call until the program runs, or -1 where that cannot be seen from outside
 * @param deletedMicros from the call until nothing is left of it
 */
record Launch(long execMicros, long deletedMicros) {
    static final long UNSEEN = -1;
}
