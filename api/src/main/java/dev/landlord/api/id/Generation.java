package dev.landlord.api.id;

/**
 * The version of a node's desired set. A restored or new database starts a new incarnation; within one incarnation the
 * number only grows. Agents refuse an older pair.
 *
 * @param incarnation random id of the database's life, 1 to 40 characters of {@code [a-z0-9-]}
 * @param number 0 or more; 0 means "nothing was ever accepted"
 */
public record Generation(String incarnation, long number) {
    public Generation {
        Id.require("Generation.incarnation", incarnation, Id.NAME);
        if (number < 0) {
            throw new IllegalArgumentException("Generation.number must be 0 or more");
        }
    }

    /** True when both belong to one incarnation and this one is the newer. */
    public boolean isNewerThan(Generation other) {
        return incarnation.equals(other.incarnation) && number > other.number;
    }

    public boolean sameIncarnation(Generation other) {
        return incarnation.equals(other.incarnation);
    }

    /** Query-parameter form, {@code incarnation:number}. */
    public static Generation parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("Generation must have the form incarnation:number");
        }
        return new Generation(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return incarnation + ":" + number;
    }
}
