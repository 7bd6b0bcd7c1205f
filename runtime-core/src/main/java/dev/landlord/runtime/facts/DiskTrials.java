package dev.landlord.runtime.facts;

import static dev.landlord.runtime.facts.Laboratory.require;

import dev.landlord.runtime.BlockDevice;
import dev.landlord.runtime.Capability;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.facts.Laboratory.Group;
import dev.landlord.runtime.proc.IoBytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes a file on the disk of the state directory, slower than the disk would. */
final class DiskTrials {
    private static final long BYTES = 512 << 10;
    private static final long BYTES_PER_SECOND = 1 << 20;
    /** Half of what the limit demands; without a limit it is a hundredth of it. */
    private static final long LEAST_NANOS = 250_000_000;

    private static final long CONTENDED_BYTES = 32 << 20;
    private static final long LEAST_CONTENDED_BYTES = 1 << 20;
    private static final int HEAVY = 10_000;
    private static final int LIGHT = 10;
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

    /** Two that read as fast as they can have what their weights say, and again when these are exchanged. */
    private void weightIsHeeded() {
        BlockDevice disk = disk("io.weight");
        requireScheduler(disk);
        withFile(
                CONTENDED_BYTES,
                file -> laboratory.with(
                        weighing(disk, HEAVY),
                        one -> laboratory.with(weighing(disk, LIGHT), other -> {
                            String script = readers(file);
                            try (Subject first = one.subject(script);
                                    Subject second = other.subject(script)) {
                                first.release();
                                second.release();
                                Contest.await(one, other);
                                one.limit(weighing(disk, LIGHT));
                                other.limit(weighing(disk, HEAVY));
                                Contest.await(other, one);
                            }
                        })));
    }

    private static void requireScheduler(BlockDevice disk) {
        String schedulers = Laboratory.text(SCHEDULERS.resolve(disk.name()).resolve("queue/scheduler"))
                .strip();
        require(
                schedulers.contains("[bfq]"),
                "io.weight",
                "the scheduler of " + disk.name() + " does not weigh, bfq would: " + schedulers);
    }

    /** Several at a time, so that there is always one that waits for the disk. */
    private static String readers(Path file) {
        return "for i in 1 2 3; do (while dd if='" + file
                + "' of=/dev/null bs=64k iflag=direct; do :; done) & done; wait";
    }

    private static Limits weighing(BlockDevice disk, int weight) {
        IoLimit io = new IoLimit(disk.major(), disk.minor(), null, null, null, null, weight);
        return new Limits(100, null, null, null, null, List.of(io));
    }

    /** Between readers of a disk, in laps that are longer than the time a scheduler lets one of them go on for. */
    private record Contest(Group heavy, Group light) {
        private static final long LAP_NANOS = 1_000_000_000;
        private static final int LAPS = 10;

        /** Three times as much, of the about ninety that the weights are apart: a disk also serves in turns. */
        static void await(Group heavy, Group light) {
            Contest contest = new Contest(heavy, light);
            for (int lap = 0; lap < LAPS; lap++) {
                if (contest.heavyIsAhead()) {
                    return;
                }
            }
            require(false, "io.weight", "a hundred times the weight did not read three times as much");
        }

        private boolean heavyIsAhead() {
            long more = bytes(heavy);
            long less = bytes(light);
            long end = System.nanoTime() + LAP_NANOS;
            while (System.nanoTime() < end) {
                Subject.rest();
            }
            more = bytes(heavy) - more;
            less = bytes(light) - less;
            return more > LEAST_CONTENDED_BYTES && more > 3 * less;
        }

        /** Version 1 counts for the scheduler; what it counts for the limits is 0 while there are none, since 6.10. */
        private static long bytes(Group group) {
            return Math.max(
                    group.usage().ioReadBytes(),
                    IoBytes.parseV1(group.content("blkio.bfq.io_service_bytes_recursive"))
                            .read());
        }
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
        withFile(
                BYTES,
                file -> laboratory.with(new Limits(100, null, null, null, null, List.of(slow)), group -> {
                    try (Subject subject = group.subject("exec dd " + operands.formatted("'" + file + "'"))) {
                        long start = System.nanoTime();
                        require(subject.go() == 0, capability, "dd cannot go past the page cache here");
                        long took = System.nanoTime() - start;
                        require(took > LEAST_NANOS, capability, "a program was faster than its limit");
                    }
                }));
    }

    /** What the kernel writes later is limited if it knows whose it is: a new file is of whoever writes to it first. */
    private void laterWritesAreCounted() {
        withFile(
                BYTES,
                file -> laboratory.with(Limits.NONE, group -> {
                    try (Subject subject =
                            group.subject("rm '" + file + "'; exec dd if=/dev/zero of='" + file + "' bs=64k count=8")) {
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

    private void withFile(long bytes, OnFile work) {
        Path file = directory.resolve("probe-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
        try {
            Files.write(file, new byte[(int) bytes]);
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
