package dev.landlord.runtime.state;

import dev.landlord.runtime.Lease;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.linux.Linux;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * The page by which all supervisors know when to end what is bound to the lease, {@code lease.h}: deadline, term and version
 * of eight bytes each, then the name of the boot that the deadline belongs to. It is changed in place, in memory that is
 * shared, a number at a time; never replaced, because they have it mapped. Thread-safe; one process writes.
 */
public final class LeaseFile {
    private static final int BYTES = 4096;
    private static final int DEADLINE = 0;
    private static final int TERM = 8;
    private static final int FORMAT = 16;
    private static final int BOOT = 24;
    private static final int BOOT_BYTES = 36;
    private static final long VERSION = 1;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final MappedByteBuffer page;
    private final VarHandle numbers = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private LeaseFile(Path path, MappedByteBuffer page) {
        this.path = path;
        this.page = page;
    }

    /** Goes on with the lease that is there, if it is of this boot of the machine; any other one has run out. */
    public static LeaseFile open(Path path) {
        try {
            byte[] boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"), StandardCharsets.US_ASCII)
                    .strip()
                    .getBytes(StandardCharsets.US_ASCII);
            LeaseFile file = new LeaseFile(path, map(path));
            file.begin(Arrays.copyOf(boot, BOOT_BYTES));
            return file;
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "open", path.toString(), 0, String.valueOf(e), e);
        }
    }

    private static MappedByteBuffer map(Path path) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(path, options, OWNER_ONLY)) {
            return channel.map(MapMode.READ_WRITE, 0, BYTES);
        }
    }

    private void begin(byte[] boot) {
        byte[] noted = new byte[BOOT_BYTES];
        page.get(BOOT, noted);
        if (Arrays.equals(noted, boot) && number(FORMAT) == VERSION) {
            return;
        }
        set(DEADLINE, 0);
        page.put(BOOT, boot);
        set(FORMAT, VERSION);
    }

    public Path path() {
        return path;
    }

    public synchronized Lease read() {
        return new Lease(Linux.bootNanos(), number(DEADLINE), number(TERM));
    }

    /** See {@link Lease#extendedTo}. */
    public synchronized Lease extend(long untilNanos) {
        Lease before = read();
        Lease after = before.extendedTo(untilNanos);
        // In this order: who sees the new deadline sees the new term as well.
        if (after.term() != before.term()) {
            set(TERM, after.term());
        }
        if (after.deadlineNanos() != before.deadlineNanos()) {
            set(DEADLINE, after.deadlineNanos());
        }
        return after;
    }

    private long number(int offset) {
        return (long) numbers.getVolatile(page, offset);
    }

    private void set(int offset, long value) {
        numbers.setVolatile(page, offset, value);
    }
}
