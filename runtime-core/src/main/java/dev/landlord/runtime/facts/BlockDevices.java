package dev.landlord.runtime.facts;

import dev.landlord.runtime.BlockDevice;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the whole device that a file is kept on. */
public final class BlockDevices {
    private static final Path DEVICES = Path.of("/sys/dev/block");

    private BlockDevices() {}

    /** Empty for what lives in memory, comes over the network, or is spread over several devices. */
    public static Optional<BlockDevice> behind(Path path) {
        try {
            long device = ((Number) Files.getAttribute(path, "unix:dev")).longValue();
            Path entry = DEVICES.resolve(major(device) + ":" + minor(device));
            return Files.exists(entry) ? Optional.of(whole(entry.toRealPath())) : Optional.empty();
        } catch (IOException e) {
            throw new SandboxException(
                    Kind.HOST_FAULT, "find device of", path.toString(), 0, String.valueOf(e.getMessage()), e);
        }
    }

    private static BlockDevice whole(Path entry) throws IOException {
        Path disk = Files.exists(entry.resolve("partition"))
                ? entry.resolveSibling(".").normalize()
                : entry;
        String[] number = Files.readString(disk.resolve("dev")).strip().split(":", -1);
        return new BlockDevice(
                Integer.parseInt(number[0]), Integer.parseInt(number[1]), String.valueOf(disk.getFileName()));
    }

    /** As gnu_dev_major(3) and gnu_dev_minor(3) take it apart. */
    private static long major(long device) {
        return (device >>> 8 & 0xfff) | (device >>> 32 & 0xffff_f000L);
    }

    private static long minor(long device) {
        return (device & 0xff) | (device >>> 12 & 0xffff_ff00L);
    }
}
