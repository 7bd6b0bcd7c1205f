package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An ext4 file system of a few MiB on a loop device, which can be full or broken, and has a scheduler of its own. */
final class SmallDisk {
    private static final Path DISKS = Path.of("/sys/block");
    private static final int BLOCK = 4096;

    private final Path image;
    private final Path at;

    private SmallDisk(Path image, Path at) {
        this.image = image;
        this.at = at;
    }

    static SmallDisk mountedAt(Path at, Path image) throws IOException, InterruptedException {
        return mountedAt(at, image, 8);
    }

    static SmallDisk mountedAt(Path at, Path image, int mebibytes) throws IOException, InterruptedException {
        Files.createDirectories(at);
        run("truncate", "-s", mebibytes + "M", image.toString());
        run("mke2fs", "-q", "-F", "-t", "ext4", "-b", Integer.toString(BLOCK), image.toString());
        SmallDisk disk = new SmallDisk(image, at);
        disk.mount();
        return disk;
    }

    private void mount() throws IOException, InterruptedException {
        run("mount", "-o", "loop,errors=remount-ro", image.toString(), at.toString());
    }

    /** To the last block. */
    void fill() {
        byte[] piece = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(ballast())) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }

    void free() throws IOException {
        Files.delete(ballast());
    }

    private Path ballast() {
        return at.resolve("ballast");
    }

    /** The kernel finds an error and does what it is told to do then: no more writes, for anybody. */
    void fail() throws IOException, InterruptedException {
        run("sync", "-f", at.toString()); // what was written long ago stays
        Files.writeString(Path.of("/sys/fs/ext4", name(), "trigger_fs_error"), "planted");
    }

    /** Of the device, such as {@code loop0}. */
    private String name() throws IOException, InterruptedException {
        String device = run("findmnt", "-n", "-o", "SOURCE", at.toString()).strip();
        return Path.of(device).getFileName().toString();
    }

    /** The device number as {@code major:minor}. */
    String number() throws IOException, InterruptedException {
        return Files.readString(DISKS.resolve(name()).resolve("dev")).strip();
    }

    /** Without this a loop device is as fast as memory, and who reads from it waits for the CPU and not for the disk. */
    void beAsSlowAsADisk() throws IOException, InterruptedException {
        run("losetup", "--direct-io=on", "/dev/" + name());
    }

    /** Decides from now on who is served next. The device keeps it when it is used for something else. */
    void scheduleBy(String scheduler) throws IOException, InterruptedException {
        Files.writeString(DISKS.resolve(name()).resolve("queue/scheduler"), scheduler);
    }

    /** What an operator does: nobody may use it meanwhile. */
    void repair() throws IOException, InterruptedException {
        unmount();
        Process check = new ProcessBuilder("e2fsck", "-fy", image.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(check.waitFor()).as("0 clean, 1 mended").isLessThanOrEqualTo(1);
        mount();
    }

    void unmount() throws IOException, InterruptedException {
        run("umount", at.toString());
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Host.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
        return output;
    }
}
