package dev.landlord.e2e.chaos;

import java.nio.file.Path;

/**
 * Whose programs a site is made of. With two different ones it is in the middle of an upgrade: the first control plane is the
 * older one for the whole run, beside the newer one; agents are the older ones until they are started again.
 */
public record Releases(Path older, Path newer) {
    /** @param distribution the folder with {@code bin} and {@code lib} */
    public static Releases only(Path distribution) {
        return new Releases(distribution, distribution);
    }

    boolean differ() {
        return !older.equals(newer);
    }
}
