package dev.landlord.agent.image;

import java.nio.file.Path;

/** What became of one line of the catalogue. */
public sealed interface ImageOutcome {
    String name();

    /**
     * The image can be used.
     *
     * @param digest {@code sha256:} and 64 hex digits, of the content; equal on every host that has the same content
     * @param path absolute path of the root file system; shared, never to be written
     * @param bytes sum of the sizes of its files
     */
    record Ready(String name, String digest, Path path, long bytes) implements ImageOutcome {}

    /**
     * The image cannot be used; nothing of it was left behind.
     *
     * @param reason one line that names the object at fault and, where there is one, the remedy
     */
    record Refused(String name, String reason) implements ImageOutcome {}
}
