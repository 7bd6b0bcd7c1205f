package dev.landlord.runtime.linux;

import com.sun.jna.Memory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A conversation with a part of the kernel; netlink(7). In the network namespace of the process. Not thread-safe; must be
 * closed.
 */
public final class NetlinkSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x8_0000;
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int HEADER_BYTES = 16;

    /** Whom to talk to. */
    public enum Family {
        ROUTE(0),
        NETFILTER(12);

        private final int number;

        Family(int number) {
            this.number = number;
        }
    }

    private final int socket;

    private NetlinkSocket(int socket) {
        this.socket = socket;
    }

    public static NetlinkSocket open(Family family) {
        int type = SOCK_RAW | SOCK_CLOEXEC;
        return new NetlinkSocket(Linux.check("socket AF_NETLINK", CLibrary.socket(AF_NETLINK, type, family.number)));
    }

    /**
     * Sends a batch and waits for its acknowledgements.
     *
     * @param answers how many there are to come
     * @throws LinuxFault for the first message that was refused
     */
    public void request(byte[] batch, int answers) {
        send(batch);
        for (int left = answers; left > 0; ) {
            ByteBuffer in = ByteBuffer.wrap(receive()).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at + HEADER_BYTES <= in.limit(); at += (length(in, at) + 3) & ~3) {
                if (in.getShort(at + 4) == ERROR) {
                    int errno = -in.getInt(at + HEADER_BYTES);
                    if (errno != 0) {
                        throw new LinuxFault("netlink", errno);
                    }
                    left--;
                }
            }
        }
    }

    /** Sends a question and returns all messages of its answer. */
    public byte[] dump(byte[] question) {
        send(question);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (; ; ) {
            byte[] part = receive();
            ByteBuffer in = ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at + HEADER_BYTES <= part.length; at += (length(in, at) + 3) & ~3) {
                int type = in.getShort(at + 4);
                if (type == DONE) {
                    return answer.toByteArray();
                }
                if (type == ERROR) {
                    throw new LinuxFault("netlink", -in.getInt(at + HEADER_BYTES));
                }
                answer.write(part, at, Math.min((length(in, at) + 3) & ~3, part.length - at));
            }
        }
    }

    private static int length(ByteBuffer in, int at) {
        int length = in.getInt(at);
        if (length < HEADER_BYTES) {
            throw new LinuxFault("netlink", Errno.EBADMSG);
        }
        return length;
    }

    private void send(byte[] bytes) {
        try (Memory memory = new Memory(bytes.length)) {
            memory.write(0, bytes, 0, bytes.length);
            Linux.check("send to netlink", CLibrary.send(socket, memory, bytes.length, 0));
        }
    }

    private byte[] receive() {
        if (!Linux.readable(socket, PATIENCE_MILLIS)) {
            throw new LinuxFault("netlink", Errno.EAGAIN);
        }
        try (Memory buffer = new Memory(BUFFER_BYTES)) {
            long got = Linux.check("receive from netlink", CLibrary.recv(socket, buffer, BUFFER_BYTES, 0));
            return buffer.getByteArray(0, (int) got);
        }
    }

    @Override
    public void close() {
        Linux.close(socket);
    }
}
