package dev.landlord.runtime.facts;

import static dev.landlord.runtime.facts.Laboratory.require;

import dev.landlord.runtime.BlockDevice;
import dev.landlord.runtime.Capability;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes a small file on the disk of the state directory, slower than the disk would. */
final class DiskTrials {
    private static final long BYTES = 512 << 10;
    private static final long BYTES_PER_SECOND = 1 << 20;
    /** Half of what the limit demands; without a limit it is a hundredth of it. */
    private static final long LEAST_NANOS = 250_000_000;

    private static final Path SCHEDULERS = Path.of("/sys/block");

    private final Laboratory laboratory;
    private final Path directory;

    DiskTrials(Laboratory laboratory, Path directory) {
        this.laboratory = laboratory;
        this.directory = directory;
    }

    Map<Capability, Runnable> all() {
        Map<Capability, Runnable> trials = new LinkedHashMap<>();
        trials.put(Capability.IO_READ, () -> onDisk("io.read", "if=%s of=/dev/null bs=64k iflag=direct", true));
        trials.put(
                Capability.IO_DIRECT,
                () -> onDisk("io.direct", "if=/dev/zero of=%s bs=64k count=8 oflag=direct", false));
        trials.put(Capability.IO_BUFFERED, this::laterWritesAreCounted);
        trials.put(Capability.IO_WEIGHT, this::weightIsHeeded);
        return trials;
    }

    /** Only a disk that is busy for long would show what a weight does, so no host claims it. */
    private void weightIsHeeded() {
        BlockDevice disk = disk("io.weight");
        String schedulers = Laboratory.text(SCHEDULERS.resolve(disk.name()).resolve("queue/scheduler"))
                .strip();
        require(
                schedulers.contains("[bfq]"),
                "io.weight",
                "the scheduler of " + disk.name() + " does not weigh: " + schedulers);
        throw missing("io.weight", "the scheduler of " + disk.name() + " may weigh, but its effect is not tried");
    }

    private static SandboxException missing(String capability, String reason) {
        return new SandboxException(Kind.UNSUPPORTED, "verify", capability, reason);
    }

    private BlockDevice disk(String capability) {
        return BlockDevices.behind(directory)
                .orElseThrow(() -> missing(capability, directory + " is on no disk that can be limited"));
    }

    private void onDisk(String capability, String operands, boolean read) {
        BlockDevice disk = disk(capability);
        IoLimit slow = read
                ? new IoLimit(disk.major(), disk.minor(), BYTES_PER_SECOND, null, null, null)
                : new IoLimit(disk.major(), disk.minor(), null, BYTES_PER_SECOND, null, null);
        withFile(file -> laboratory.with(new Limits(100, null, null, null, null, List.of(slow)), group -> {
            try (Subject subject = group.subject("exec dd " + operands.formatted("'" + file + "'"))) {
                long start = System.nanoTime();
                require(subject.go() == 0, capability, "dd cannot go past the page cache here");
                long took = System.nanoTime() - start;
                require(took > LEAST_NANOS, capability, "a program was faster than its limit");
            }
        }));
    }

    /** What the kernel writes later is limited if it knows whose it is. */
    private void laterWritesAreCounted() {
        withFile(file -> laboratory.with(Limits.NONE, group -> {
            try (Subject subject =
                    group.subject("exec dd if=/dev/zero of='" + file + "' bs=64k count=8 conv=notrunc")) {
                require(subject.go() == 0, "io.buffered", "nothing could be written");
                sync(file);
                require(
                        group.usage().ioWriteBytes() >= BYTES,
                        "io.buffered",
                        "what the kernel writes later is not counted as the writer's");
            }
        }));
    }

    private static void sync(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(false);
        } catch (IOException e) {
            throw fault("sync", file, e);
        }
    }

    private interface OnFile {
        void accept(Path file);
    }

    private void withFile(OnFile work) {
        Path file = directory.resolve("probe-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
        try {
            Files.write(file, new byte[(int) BYTES]);
            sync(file);
            work.accept(file);
        } catch (IOException e) {
            throw fault("write", file, e);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw fault("delete", file, e);
        }
    }

    private static SandboxException fault(String operation, Path object, IOException e) {
        return new SandboxException(
                Kind.HOST_FAULT, operation, object.toString(), 0, String.valueOf(e.getMessage()), e);
    }
}
