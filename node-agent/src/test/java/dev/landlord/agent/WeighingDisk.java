package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An empty file system on a loop device whose scheduler gives shares, whatever the host's own disk does. */
final class WeighingDisk implements AutoCloseable {
    private final Path at;
    private final Path device;

    private WeighingDisk(Path at, Path device) {
        this.at = at;
        this.device = device;
    }

    static WeighingDisk mountedAt(Path at, Path image) throws IOException {
        Files.createDirectories(at);
        run("truncate", "-s", "2G", image.toString());
        run("mke2fs", "-q", "-F", "-t", "ext4", image.toString());
        run("mount", "-o", "loop", image.toString(), at.toString());
        Files.delete(at.resolve("lost+found"));
        Path device =
                Path.of(run("findmnt", "-n", "-o", "SOURCE", at.toString()).strip());
        run("losetup", "--direct-io=on", device.toString()); // else readers wait for the CPU and not for the disk
        WeighingDisk disk = new WeighingDisk(at, device);
        disk.scheduleBy("bfq");
        return disk;
    }

    private void scheduleBy(String scheduler) throws IOException {
        Files.writeString(sys().resolve("queue/scheduler"), scheduler);
    }

    private Path sys() {
        return Path.of("/sys/block", device.getFileName().toString());
    }

    /** The device number as {@code major:minor}. */
    String number() throws IOException {
        return Files.readString(sys().resolve("dev")).strip();
    }

    /** Also when what a failed test left running holds it for a moment yet. */
    @Override
    public void close() throws IOException {
        scheduleBy("none");
        run("umount", "-l", at.toString());
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.onExit().join().exitValue();
        assertThat(code).as(String.join(" ", command) + ": " + output).isZero();
        return output;
    }
}
