package dev.landlord.runtime.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.util.ArrayList;
import java.util.List;

/** Descriptors that bytes are read from and written to: pipes and terminals. Thread-safe as the kernel is. */
public final class Descriptors {
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;
    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final long TIOCSWINSZ = 0x5414;
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;
    private static final int MAX_DESCRIPTORS = 8;
    private static final int NO_NUMBER = -1;

    private Descriptors() {}

    /** One message and the descriptors that came with it; empty when the other end is closed. */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
    public record Message(byte[] bytes, List<Integer> descriptors) {}

    /** Waits at most so long, then EAGAIN. The descriptors, at most 8, are the caller's to close; recvmsg(2). */
    public static Message receive(int socket, int maxBytes, int timeoutMillis) {
        if (!Linux.readable(socket, timeoutMillis)) {
            throw new LinuxFault("recvmsg", Errno.EAGAIN);
        }
        int controlBytes = 16 + MAX_DESCRIPTORS * 4;
        // struct msghdr on x86-64: name, namelen, iov, iovlen, control, controllen, flags.
        try (Memory buffer = new Memory(maxBytes);
                Memory part = new Memory(16);
                Memory control = new Memory(controlBytes);
                Memory message = new Memory(56)) {
            part.setPointer(0, buffer);
            part.setLong(8, maxBytes);
            message.clear();
            message.setPointer(16, part);
            message.setLong(24, 1);
            message.setPointer(32, control);
            message.setLong(40, controlBytes);
            long got = Linux.check("recvmsg", CLibrary.recvmsg(socket, message, MSG_CMSG_CLOEXEC));
            return new Message(buffer.getByteArray(0, (int) got), descriptors(control, message.getLong(40)));
        }
    }

    /** struct cmsghdr on x86-64: length, level, type, content. */
    private static List<Integer> descriptors(Memory control, long bytes) {
        List<Integer> found = new ArrayList<>();
        if (bytes >= 16 && control.getInt(8) == SOL_SOCKET && control.getInt(12) == SCM_RIGHTS) {
            for (long at = 16; at + 4 <= control.getLong(0); at += 4) {
                found.add(control.getInt(at));
            }
        }
        return found;
    }

    /** From now on {@link #read} and {@link #write} do not wait; fcntl(2). */
    public static void stopWaiting(int fd) {
        int flags = Linux.check("fcntl F_GETFL", CLibrary.fcntl(fd, F_GETFL, 0));
        Linux.check("fcntl F_SETFL", CLibrary.fcntl(fd, F_SETFL, flags | O_NONBLOCK));
    }

    /**
     * What is there now, for a descriptor that does not wait; read(2).
     *
     * @return empty at the end of it, EAGAIN if there is nothing yet
     */
    public static byte[] read(int fd, int maxBytes) {
        try (Memory buffer = new Memory(maxBytes)) {
            long got = Linux.check("read", CLibrary.read(fd, buffer, maxBytes));
            return buffer.getByteArray(0, (int) got);
        }
    }

    /** Writes what fits now, for a descriptor that does not wait; returns how much that was; write(2). */
    public static int write(int fd, byte[] bytes, int offset, int length) {
        try (Memory buffer = new Memory(Math.max(1, length))) {
            buffer.write(0, bytes, offset, length);
            return (int) Linux.check("write", CLibrary.write(fd, buffer, length));
        }
    }

    /** Those that can be read, or whose other end has gone, within the time; poll(2). Negative numbers are left out. */
    public static List<Integer> readable(List<Integer> fds, int timeoutMillis) {
        return poll(fds, POLLIN, timeoutMillis);
    }

    public static boolean writable(int fd, int timeoutMillis) {
        return !poll(List.of(fd), POLLOUT, timeoutMillis).isEmpty();
    }

    private static List<Integer> poll(List<Integer> fds, short events, int timeoutMillis) {
        List<Integer> ready = new ArrayList<>();
        try (Memory entries = new Memory(8L * Math.max(1, fds.size()))) {
            for (int i = 0; i < fds.size(); i++) {
                entries.setInt(8L * i, Math.max(NO_NUMBER, fds.get(i)));
                entries.setShort(8L * i + 4, events);
                entries.setShort(8L * i + 6, (short) 0);
            }
            int count = CLibrary.poll(entries, fds.size(), timeoutMillis);
            if (count < 0 && Native.getLastError() != Errno.EINTR) {
                throw new LinuxFault("poll", Native.getLastError());
            }
            for (int i = 0; count > 0 && i < fds.size(); i++) {
                if (entries.getShort(8L * i + 6) != 0) {
                    ready.add(fds.get(i));
                }
            }
        }
        return ready;
    }

    /** Tells a terminal how large it is, and with that who runs on it; ioctl_tty(2). */
    public static void resize(int terminal, int rows, int columns) {
        try (Memory size = new Memory(8)) {
            size.clear();
            size.setShort(0, (short) rows);
            size.setShort(2, (short) columns);
            Linux.check("ioctl TIOCSWINSZ", CLibrary.ioctl(terminal, TIOCSWINSZ, size));
        }
    }
}
