package dev.landlord.runtime.network;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.netlink.NetlinkAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends requests and hears what came of them. The kernel carries a batch out before the send returns, so there is nothing to
 * wait for. Thread-safe; one conversation at a time.
 */
final class Kernel implements AutoCloseable {
    private static final int ROUTES = 0;
    private static final int TABLES = 12;

    /** The kernel never sends more in one piece. */
    private static final int DATAGRAM_BYTES = 1 << 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final int socket;

    private Kernel(int protocol, String object) {
        try {
            this.socket = Linux.netlinkSocket(protocol);
        } catch (LinuxFault e) {
            throw new SandboxException(kind(e.errno()), "configure", object, e.errno(), e.reason(), e);
        }
    }

    /** Links, addresses, routes. */
    static Kernel routes() {
        return new Kernel(ROUTES, "links");
    }

    /**
     * Tables of nftables and of connections. To be kept open: the end of such a socket waits until what was deleted last is
     * really freed, some milliseconds in which nobody else can change anything.
     */
    static Kernel tables() {
        return new Kernel(TABLES, "tables");
    }

    /** @throws SandboxException with the error number of the first request that failed */
    void apply(String operation, String object, byte[] batch) {
        apply(operation, object, batch, Set.of());
    }

    /** @param tolerated error numbers that mean that there is nothing to do */
    void apply(String operation, String object, byte[] batch, Set<Integer> tolerated) {
        List<NetlinkAnswer> answers = exchange(operation, object, batch, false);
        if (answers.isEmpty()) {
            throw new SandboxException(Kind.HOST_FAULT, operation, object, "the kernel did not answer");
        }
        for (NetlinkAnswer answer : answers) {
            if (answer.errno() != 0 && !tolerated.contains(answer.errno())) {
                throw fault(operation, object, answer.errno());
            }
        }
    }

    /** All that the kernel lists. */
    List<NetlinkAnswer> list(String object, byte[] request) {
        List<NetlinkAnswer> answers = exchange("list", object, request, true);
        for (NetlinkAnswer answer : answers) {
            if (answer.errno() != 0) {
                throw fault("list", object, answer.errno());
            }
        }
        return answers;
    }

    private List<NetlinkAnswer> exchange(String operation, String object, byte[] request, boolean untilDone) {
        lock.lock();
        try {
            dropUnheard();
            Linux.send(socket, request);
            return receive(untilDone);
        } catch (LinuxFault e) {
            throw new SandboxException(kind(e.errno()), operation, object, e.errno(), e.reason(), e);
        } finally {
            lock.unlock();
        }
    }

    /** What a conversation that failed in its middle has left must not pass for answers of the next one. */
    private void dropUnheard() {
        while (Linux.readable(socket, 0)) {
            Linux.receive(socket, DATAGRAM_BYTES, 0);
        }
    }

    private List<NetlinkAnswer> receive(boolean untilDone) {
        List<NetlinkAnswer> answers = new ArrayList<>();
        while (Linux.readable(socket, 0)) {
            answers.addAll(NetlinkAnswer.parse(Linux.receive(socket, DATAGRAM_BYTES, 0)));
            int last = answers.getLast().type();
            if (untilDone && (last == NetlinkAnswer.DONE || last == NetlinkAnswer.ERROR)) {
                break;
            }
        }
        return answers;
    }

    private static SandboxException fault(String operation, String object, int errno) {
        return new SandboxException(kind(errno), operation, object, errno, Errno.describe(errno), null);
    }

    private static Kind kind(int errno) {
        return switch (errno) {
            case Errno.ENOMEM, Errno.ENOSPC, Errno.EMFILE, Errno.ENFILE -> Kind.EXHAUSTED;
            case Errno.EEXIST -> Kind.ALREADY_EXISTS;
            default -> Kind.HOST_FAULT;
        };
    }

    @Override
    public void close() {
        Linux.close(socket);
    }
}
