package dev.landlord.e2e.chaos;

import java.io.IOException;

/**
 * A fault that is under way.
 *
 * @param target what it struck
 * @param heal ends it; returns when whatever was ended by it has begun anew, and tells what is worth telling, or nothing
 */
record Breakage(String target, Heal heal) {
    /** How it is healed. */
    @FunctionalInterface
    interface Heal {
        String heal() throws IOException, InterruptedException;
    }
}
