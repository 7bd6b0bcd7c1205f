package dev.landlord.agent.image;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of the operator's catalogue. Nothing is checked here beyond presence, so that one bad line is refused by name
 * when the catalogue is built and does not stop the others.
 *
 * @param name what tenants write; must have the form of an image name, see {@code dev.landlord.api.id.ImageName}
 * @param source what {@link Kind} says; empty if absent
 */
public record ImageSource(String name, Kind kind, String source) {
    /** Where a root file system comes from, and so what {@code source} means. */
    public enum Kind {
        /** Built in. {@code source} is empty, or the absolute path of a static busybox. */
        BUSYBOX,
        /** {@code source} is a comma separated list of absolute paths of programs on this host. */
        BINARIES,
        /** {@code source} is the absolute path of a directory that only the operator can write. */
        DIRECTORY,
        /** {@code source} is the absolute path of a tar file: plain, gzip or xz. */
        TAR,
        /** {@code source} is the name of a Debian suite. */
        DEBOOTSTRAP
    }

    public ImageSource(@Nullable String name, @Nullable Kind kind, @Nullable String source) {
        this.name = Objects.requireNonNullElse(name, "");
        if (kind == null) {
            throw new IllegalArgumentException(
                    "image " + this.name + ": kind is missing; one of busybox, binaries, directory, tar, debootstrap");
        }
        this.kind = kind;
        this.source = Objects.requireNonNullElse(source, "").strip();
    }
}
