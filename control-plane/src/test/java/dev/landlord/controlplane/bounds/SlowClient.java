package dev.landlord.controlplane.bounds;

import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** A client that sends byte by byte, each a moment after the one before, and sees how that ends. */
final class SlowClient implements AutoCloseable {
    private static final int BETWEEN_MILLIS = 250;
    private static final int ANSWER_MAX = 4096;

    private final Socket socket;

    private SlowClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(BETWEEN_MILLIS);
    }

    static SlowClient plain(RunningControlPlane running, String listener) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port(listener)));
        return new SlowClient(socket);
    }

    static SlowClient tls(RunningControlPlane running, String listener) throws IOException {
        Socket socket =
                running.client().sslContext().getSocketFactory().createSocket("localhost", running.port(listener));
        ((SSLSocket) socket).startHandshake();
        return new SlowClient(socket);
    }

    void send(String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /**
     * Sends the same byte again and again until there is an end.
     *
     * @param next null to send nothing
     * @return what was answered; empty if the connection just ended
     */
    String untilTheEnd(byte[] next, long patienceMillis) {
        long until = System.nanoTime() + patienceMillis * 1_000_000;
        StringBuilder answer = new StringBuilder();
        byte[] buffer = new byte[ANSWER_MAX];
        while (System.nanoTime() < until) {
            try {
                // A read waits for the time between two bytes.
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    return answer.toString();
                }
                answer.append(new String(buffer, 0, read, StandardCharsets.US_ASCII));
            } catch (SocketTimeoutException stillOpen) {
                try {
                    socket.getOutputStream().write(next);
                    socket.getOutputStream().flush();
                } catch (IOException ended) {
                    return answer.toString();
                }
            } catch (IOException ended) {
                return answer.toString();
            }
        }
        return answer.append(" (and it is open still)").toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
