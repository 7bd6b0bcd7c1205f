package dev.landlord.runtime.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.OptionalInt;

/**
 * The system calls that the runtime makes itself. Thread-safe. Every refusal is a {@link LinuxFault}. Calls that wait do
 * so in native code and hold their carrier: platform threads only.
 */
public final class Linux {
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final long SYS_PIDFD_GETFD = 438;
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GETLK = 5;
    /** Against sealing, shrinking, growing and writing. */
    private static final int ALL_SEALS = 1 | 2 | 4 | 8;

    private static final int AF_UNIX = 1;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_SEQPACKET = 5;
    private static final int O_CLOEXEC = 0x8_0000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int CLOCK_BOOTTIME = 7;
    private static final short POLLIN = 1;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    /** sizeof(posix_spawn_file_actions_t) in glibc is 80; room to spare costs nothing. */
    private static final int FILE_ACTIONS_BYTES = 256;

    /** Descriptors that are to be handed down are kept above the numbers they are handed down as. */
    private static final long HIGH_DESCRIPTOR = 64;

    private Linux() {}

    /** A sealed file in memory that nobody can change any more, open for reading; memfd_create(2). */
    public static int sealedMemory(String name, byte[] content) {
        int fd = high(check("memfd_create", CLibrary.memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)));
        try {
            writeAll(fd, content);
            check("fcntl F_ADD_SEALS", CLibrary.fcntl(fd, F_ADD_SEALS, ALL_SEALS));
            return fd;
        } catch (LinuxFault e) {
            close(fd);
            throw e;
        }
    }

    private static void writeAll(int fd, byte[] content) {
        try (Memory memory = new Memory(Math.max(1, content.length))) {
            memory.write(0, content, 0, content.length);
            long done = 0;
            while (done < content.length) {
                done += check("write", CLibrary.write(fd, memory.share(done), content.length - done));
            }
        }
    }

    private static int high(int fd) {
        int copy = CLibrary.fcntl(fd, F_DUPFD_CLOEXEC, HIGH_DESCRIPTOR);
        int errno = Native.getLastError();
        CLibrary.close(fd);
        if (copy < 0) {
            throw new LinuxFault("fcntl F_DUPFD_CLOEXEC", errno);
        }
        return copy;
    }

    /** Another descriptor for the same thing, with a number that is high enough to be handed down; fcntl(2). */
    public static int duplicate(int fd) {
        return check("fcntl F_DUPFD_CLOEXEC", CLibrary.fcntl(fd, F_DUPFD_CLOEXEC, HIGH_DESCRIPTOR));
    }

    /** Two ends of a connection that keeps the bounds of messages. */
    public record Pair(int ours, int theirs) {}

    public static Pair messageSocketPair() {
        try (Memory fds = new Memory(8)) {
            check("socketpair", CLibrary.socketpair(AF_UNIX, SOCK_SEQPACKET | O_CLOEXEC, 0, fds));
            int ours = fds.getInt(0);
            int theirs = fds.getInt(4);
            try {
                ours = high(ours);
            } catch (LinuxFault e) {
                close(theirs);
                throw e;
            }
            try {
                return new Pair(ours, high(theirs));
            } catch (LinuxFault e) {
                close(ours);
                throw e;
            }
        }
    }

    /**
     * Starts a program with an empty environment, /dev/null as 0, 1 and 2, and these descriptors as 3, 4 and so on;
     * posix_spawn(3), because the JVM must not fork. The caller must reap it with {@link #reap}.
     *
     * @return the new pid
     */
    public static int spawn(String path, List<Integer> descriptors) {
        int devNull = high(check("open /dev/null", CLibrary.open("/dev/null", 2 | O_CLOEXEC, 0)));
        try (Memory actions = new Memory(FILE_ACTIONS_BYTES);
                Memory name = cString("landlord-init");
                Memory argv = new Memory(2L * Native.POINTER_SIZE);
                Memory envp = new Memory(Native.POINTER_SIZE);
                Memory pid = new Memory(4)) {
            CLibrary.posix_spawn_file_actions_init(actions);
            for (int fd = 0; fd <= 2; fd++) {
                CLibrary.posix_spawn_file_actions_adddup2(actions, devNull, fd);
            }
            for (int i = 0; i < descriptors.size(); i++) {
                CLibrary.posix_spawn_file_actions_adddup2(actions, descriptors.get(i), 3 + i);
            }
            argv.setPointer(0, name);
            argv.setPointer(Native.POINTER_SIZE, Pointer.NULL);
            envp.setPointer(0, Pointer.NULL);
            int error = CLibrary.posix_spawn(pid, path, actions, null, argv, envp);
            CLibrary.posix_spawn_file_actions_destroy(actions);
            if (error != 0) {
                throw new LinuxFault("posix_spawn", error);
            }
            return pid.getInt(0);
        } finally {
            close(devNull);
        }
    }

    private static Memory cString(String text) {
        Memory memory = new Memory(text.length() + 1L);
        memory.setString(0, text);
        return memory;
    }

    /** One message, or an empty array when the other end is closed. Waits at most so long, then EAGAIN. */
    public static byte[] receive(int socket, int maxBytes, int timeoutMillis) {
        if (!readable(socket, timeoutMillis)) {
            throw new LinuxFault("recv", Errno.EAGAIN);
        }
        try (Memory buffer = new Memory(maxBytes)) {
            long got = check("recv", CLibrary.recv(socket, buffer, maxBytes, 0));
            return buffer.getByteArray(0, (int) got);
        }
    }

    /** True when there is something to read, or the other end has gone, within the time; poll(2). */
    public static boolean readable(int fd, int timeoutMillis) {
        try (Memory entry = new Memory(8)) {
            entry.setInt(0, fd);
            entry.setShort(4, POLLIN);
            entry.setShort(6, (short) 0);
            long deadline = System.nanoTime() + timeoutMillis * 1_000_000L;
            int left = timeoutMillis;
            while (true) {
                int ready = CLibrary.poll(entry, 1, left);
                if (ready >= 0 || Native.getLastError() != Errno.EINTR) {
                    return check("poll", ready) > 0;
                }
                // A signal to this thread, of a profiler for example, is no reason to give up a launch.
                left = (int) Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
            }
        }
    }

    public static void send(int socket, byte message) {
        try (Memory buffer = new Memory(1)) {
            buffer.setByte(0, message);
            check("send", CLibrary.send(socket, buffer, 1, MSG_NOSIGNAL));
        }
    }

    /** A connection to the kernel's configuration of networks, in the network namespace of this process; netlink(7). */
    public static int netlinkSocket(int protocol) {
        return check("socket", CLibrary.socket(AF_NETLINK, SOCK_RAW | O_CLOEXEC, protocol));
    }

    public static void send(int socket, byte[] message) {
        try (Memory buffer = new Memory(message.length)) {
            buffer.write(0, message, 0, message.length);
            check("send", CLibrary.send(socket, buffer, message.length, MSG_NOSIGNAL));
        }
    }

    /** A descriptor that means this very process, never a later one with its number; pidfd_open(2). */
    public static int pidfdOpen(int pid) {
        return (int) check("pidfd_open", CLibrary.syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0));
    }

    /** A copy of a descriptor of that process, by its number there; pidfd_getfd(2). It needs the right to trace it. */
    public static int pidfdGetDescriptor(int pidfd, int number) {
        return (int) check("pidfd_getfd", CLibrary.syscall(SYS_PIDFD_GETFD, pidfd, number, 0, 0));
    }

    public static void pidfdSendSignal(int pidfd, int signal) {
        check("pidfd_send_signal", CLibrary.syscall(SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0));
    }

    /** For children of ours that are not reaped yet, whose numbers can therefore not be taken by others; kill(2). */
    public static void kill(int pid, int signal) {
        check("kill", CLibrary.kill(pid, signal));
    }

    /** Waits for the end of a child of ours and reaps it; waitpid(2). At once if it is not our child. */
    public static void reap(int pid) {
        while (CLibrary.waitpid(pid, null, 0) < 0) {
            if (Native.getLastError() != Errno.EINTR) {
                return;
            }
        }
    }

    /** Reaps the process behind a pidfd if it has ended and is our child; does nothing otherwise; waitid(2). */
    public static void reapBehind(int pidfd) {
        CLibrary.waitid(P_PIDFD, pidfd, null, WNOHANG | WEXITED);
    }

    /** The pid that holds a write lock on the whole file, if any; fcntl(2) F_GETLK. */
    public static OptionalInt lockHolder(String path) {
        // For reading, which is enough to ask, and which a disk that takes no writes permits.
        int fd = check("open", CLibrary.open(path, O_CLOEXEC, 0));
        // struct flock on x86-64: short type, short whence, long start, long length, int pid.
        try (Memory lock = new Memory(32)) {
            lock.clear();
            lock.setShort(0, F_WRLCK);
            check("fcntl F_GETLK", CLibrary.fcntl(fd, F_GETLK, Pointer.nativeValue(lock)));
            return lock.getShort(0) == F_UNLCK ? OptionalInt.empty() : OptionalInt.of(lock.getInt(24));
        } finally {
            close(fd);
        }
    }

    /** Nanoseconds since the machine was started, with the time that it was suspended; clock_gettime(2). */
    public static long bootNanos() {
        try (Memory time = new Memory(16)) {
            check("clock_gettime", CLibrary.clock_gettime(CLOCK_BOOTTIME, time));
            return time.getLong(0) * 1_000_000_000L + time.getLong(8);
        }
    }

    public static void close(int fd) {
        CLibrary.close(fd);
    }

    static int check(String call, int result) {
        return (int) check(call, (long) result);
    }

    static long check(String call, long result) {
        if (result < 0) {
            throw new LinuxFault(call, Native.getLastError());
        }
        return result;
    }
}
