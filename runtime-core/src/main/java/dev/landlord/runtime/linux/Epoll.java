package dev.landlord.runtime.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.util.ArrayList;
import java.util.List;

/** epoll(7) over descriptors that become readable once. Watching is thread-safe; waiting belongs to one thread. */
public final class Epoll implements AutoCloseable {
    private static final int EPOLL_CLOEXEC = 0x8_0000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_MOD = 3;
    private static final int EPOLLIN = 1;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int MAX_EVENTS = 64;
    /** struct epoll_event is packed on x86-64. */
    private static final int EVENT_BYTES = 12;

    private final int epoll = Linux.check("epoll_create1", CLibrary.epoll_create1(EPOLL_CLOEXEC));

    /** Reports the key once, when the descriptor becomes readable. Closing the descriptor ends the watch. */
    public void watchOnce(int fd, long key) {
        control(EPOLL_CTL_ADD, fd, key);
    }

    /** Reports the key once more. */
    public void watchAgain(int fd, long key) {
        control(EPOLL_CTL_MOD, fd, key);
    }

    private void control(int operation, int fd, long key) {
        try (Memory event = new Memory(EVENT_BYTES)) {
            event.setInt(0, EPOLLIN | EPOLLONESHOT);
            event.setLong(4, key);
            Linux.check("epoll_ctl", CLibrary.epoll_ctl(epoll, operation, fd, event));
        }
    }

    /** Keys of what became readable; empty when the time ran out. */
    public List<Long> await(int timeoutMillis) {
        try (Memory events = new Memory((long) MAX_EVENTS * EVENT_BYTES)) {
            int count = CLibrary.epoll_wait(epoll, events, MAX_EVENTS, timeoutMillis);
            if (count < 0 && Native.getLastError() == Errno.EINTR) {
                return List.of();
            }
            Linux.check("epoll_wait", count);
            List<Long> keys = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                keys.add(events.getLong((long) i * EVENT_BYTES + 4));
            }
            return keys;
        }
    }

    @Override
    public void close() {
        Linux.close(epoll);
    }
}
