package dev.landlord.agent.image;

import dev.landlord.agent.image.tree.Ownership;
import dev.landlord.agent.image.tree.TreeLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What building images depends on besides their sources.
 *
 * @param busybox the static busybox of this host
 * @param toolDirectories where {@code mmdebstrap} and {@code debootstrap} are looked for
 * @param toolTimeout after which such a tool is killed
 * @param limits of one image
 * @param ownership {@code KEEP}, unless the process has no privilege
 */
public record ImageSettings(
        Path busybox, List<Path> toolDirectories, Duration toolTimeout, TreeLimits limits, Ownership ownership) {
    /** For an agent that runs as root on Debian. */
    public static final ImageSettings DEFAULT = new ImageSettings(
            Path.of("/bin/busybox"),
            List.of(Path.of("/usr/local/bin"), Path.of("/usr/sbin"), Path.of("/usr/bin")),
            Duration.ofMinutes(20),
            TreeLimits.DEFAULT,
            Ownership.KEEP);

    public ImageSettings {
        toolDirectories = List.copyOf(toolDirectories);
    }
}
