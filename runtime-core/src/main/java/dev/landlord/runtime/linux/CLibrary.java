package dev.landlord.runtime.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The bindings, as the man pages have them. Functions that are variadic in C are bound with fixed arguments, which is the
 * same on x86-64. JNA keeps errno per thread right after each call.
 */
final class CLibrary {
    static {
        Native.register(CLibrary.class, "c");
    }

    private CLibrary() {}

    static native int posix_spawn(
            Pointer pid, String path, Pointer actions, @Nullable Pointer attributes, Pointer argv, Pointer envp);

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int memfd_create(String name, int flags);

    static native int socketpair(int domain, int type, int protocol, Pointer pair);

    static native int socket(int domain, int type, int protocol);

    static native long recv(int fd, Pointer buffer, long size, int flags);

    static native long send(int fd, Pointer buffer, long size, int flags);

    static native long recvmsg(int fd, Pointer message, int flags);

    static native long read(int fd, Pointer buffer, long size);

    static native int ioctl(int fd, long request, Pointer argument);

    static native long write(int fd, Pointer buffer, long size);

    static native int open(String path, int flags, int mode);

    static native int close(int fd);

    static native int fcntl(int fd, int command, long argument);

    static native int kill(int pid, int signal);

    static native int waitpid(int pid, @Nullable Pointer status, int options);

    static native int waitid(int type, int id, @Nullable Pointer info, int options);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, @Nullable Pointer event);

    static native int epoll_wait(int epoll, Pointer events, int count, int timeoutMillis);

    static native int clock_gettime(int clock, Pointer time);

    static native int poll(Pointer fds, long count, int timeoutMillis);

    static native long syscall(long number, long first, long second, long third, long fourth);
}
