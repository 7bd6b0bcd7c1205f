package dev.landlord.runtime.state;

import dev.landlord.runtime.Lease;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.linux.Linux;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page by which all supervisors know when to end what is bound to the lease, {@code lease.h}: the deadline twice, term and
 * version of eight bytes each, then the name of the boot that the deadline belongs to. It is changed in place and never
 * replaced, because they have it mapped; by write(2), which tells of a disk that takes nothing, as a mapping does not.
 * Thread-safe; one process writes.
 *
 * <p>What cannot be written is not extended: the lease runs out, and is tried again by the next extension.
 */
public final class LeaseFile {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseFile.class);
    /** Room is taken for all of it at once: a disk that is full later does not keep it from being written again. */
    private static final int BYTES = 4096;

    private static final int DEADLINE = 0;
    private static final int AGAIN = 8;
    private static final int TERM = 16;
    private static final int FORMAT = 24;
    private static final int BOOT = 32;
    private static final int BOOT_BYTES = 36;
    private static final long VERSION = 1;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final byte[] boot;
    private long deadlineNanos;
    private long term;
    /** Whether the page is there as supervisors expect it. */
    private boolean begun;

    private String trouble = "";

    private LeaseFile(Path path, byte[] boot) {
        this.path = path;
        this.boot = boot;
    }

    /** Goes on with the lease that is there, if it is of this boot of the machine; any other one has run out. */
    public static LeaseFile open(Path path) {
        try {
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"), StandardCharsets.US_ASCII);
            LeaseFile file =
                    new LeaseFile(path, Arrays.copyOf(boot.strip().getBytes(StandardCharsets.US_ASCII), BOOT_BYTES));
            file.find();
            return file;
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "open", path.toString(), 0, String.valueOf(e), e);
        }
    }

    private synchronized void find() throws IOException {
        ByteBuffer page =
                numbers(Files.exists(path) ? Arrays.copyOf(Files.readAllBytes(path), BYTES) : new byte[BYTES]);
        byte[] noted = new byte[BOOT_BYTES];
        page.get(BOOT, noted);
        term = page.getLong(TERM);
        if (Arrays.equals(noted, boot) && page.getLong(FORMAT) == VERSION) {
            deadlineNanos = Math.min(page.getLong(DEADLINE), page.getLong(AGAIN));
            begun = true;
        } else {
            write(0, term);
        }
    }

    public Path path() {
        return path;
    }

    public synchronized Lease read() {
        return new Lease(Linux.bootNanos(), deadlineNanos, term);
    }

    /** See {@link Lease#extendedTo}. Returns what holds: without the extension if it could not be written. */
    public synchronized Lease extend(long untilNanos) {
        Lease before = read();
        Lease after = before.extendedTo(untilNanos);
        return after.equals(before) || write(after.deadlineNanos(), after.term()) ? after : before;
    }

    private boolean write(long newDeadlineNanos, long newTerm) {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(path, options, OWNER_ONLY)) {
            if (!begun) {
                writeAll(channel, page(newTerm), 0);
                begun = true;
            }
            if (newTerm != term) {
                // Before the deadline: who sees the new one sees the new term as well.
                writeAll(channel, number(newTerm), TERM);
            }
            writeAll(channel, number(newDeadlineNanos), DEADLINE);
            writeAll(channel, number(newDeadlineNanos), AGAIN);
        } catch (IOException e) {
            tell(e.toString());
            return false;
        }
        deadlineNanos = newDeadlineNanos;
        term = newTerm;
        trouble = "";
        return true;
    }

    /** A whole one, with a deadline that has passed. */
    private ByteBuffer page(long newTerm) {
        return numbers(new byte[BYTES])
                .putLong(TERM, newTerm)
                .putLong(FORMAT, VERSION)
                .put(BOOT, boot);
    }

    private static ByteBuffer number(long value) {
        return numbers(new byte[Long.BYTES]).putLong(0, value);
    }

    private static ByteBuffer numbers(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes, offset + bytes.position());
        }
    }

    /** Once for each trouble: a lease is extended every second. */
    private void tell(String reason) {
        if (!reason.equals(trouble)) {
            LOG.warn("the lease of this host is not extended: write {}: {}", path, reason);
            trouble = reason;
        }
    }
}
