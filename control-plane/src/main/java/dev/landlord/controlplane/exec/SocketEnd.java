package dev.landlord.controlplane.exec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.WebSocketSession;

/** One of the two sockets of a session. Thread-safe. */
final class SocketEnd {
    private static final Logger LOG = LoggerFactory.getLogger(SocketEnd.class);
    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int REASON_MAX = 120;

    private final WebSocketSession socket;
    /** A socket takes one message at a time. */
    private final ReentrantLock sending = new ReentrantLock();

    private volatile long heardAtNanos = System.nanoTime();
    private volatile long pingedAtNanos = System.nanoTime();

    SocketEnd(WebSocketSession socket) {
        this.socket = socket;
    }

    /** Returns when the socket has taken it: both ends keep within each other's window, so it only waits for the network. */
    void send(byte[] message) throws IOException {
        sending.lock();
        try {
            socket.sendMessage(new BinaryMessage(message));
        } finally {
            sending.unlock();
        }
    }

    void heard() {
        heardAtNanos = System.nanoTime();
    }

    /** Without a word for too long, although it was asked. */
    boolean isSilent(long nowNanos) {
        return nowNanos - heardAtNanos > SILENT_NANOS;
    }

    /** Asks for a sign of life, unless something is being sent to it anyway. */
    void ping(long nowNanos) {
        if (nowNanos - pingedAtNanos < PING_NANOS || !sending.tryLock()) {
            return;
        }
        try {
            pingedAtNanos = nowNanos;
            socket.sendMessage(new PingMessage(ByteBuffer.allocate(0)));
        } catch (IOException e) {
            LOG.debug("Ping of socket {}: {}", socket.getId(), e.getMessage());
        } finally {
            sending.unlock();
        }
    }

    void close(CloseStatus status, String reason) {
        String shown = reason.substring(0, Math.min(REASON_MAX, reason.length()));
        try {
            socket.close(shown.isEmpty() ? status : status.withReason(shown));
        } catch (IOException e) {
            LOG.debug("Closing socket {}: {}", socket.getId(), e.getMessage());
        }
    }
}
