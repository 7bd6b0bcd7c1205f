package dev.landlord.agent.sync;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The far end of one WebSocket over TLS, which reads frames as fast as the test lets it. */
final class WebSocketPeer implements AutoCloseable {
    private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: *(\\S+)");

    final List<String> requests = new CopyOnWriteArrayList<>();
    /** The certificate of each client that has one. */
    final List<Certificate> shown = new CopyOnWriteArrayList<>();

    final List<byte[]> messages = new CopyOnWriteArrayList<>();
    private final Semaphore mayRead;
    private final ServerSocket server;
    private volatile String close = "";
    private volatile @Nullable Socket client;

    WebSocketPeer(TestAuthority authority, int framesToRead) {
        mayRead = new Semaphore(framesToRead);
        try {
            server = authority
                    .server()
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
            server.setReceiveBufferSize(4096);
            ((SSLServerSocket) server).setNeedClientAuth(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    URI uri() {
        return URI.create("https://127.0.0.1:" + server.getLocalPort());
    }

    /** Code and reason of the close that came; empty before. */
    String closeSeen() {
        return close;
    }

    void readMore(int frames) {
        mayRead.release(frames);
    }

    /** Cuts the connection without a word. */
    void goAway() throws IOException {
        Socket connected = client;
        if (connected != null) {
            connected.close();
        }
    }

    private void serve() {
        try (Socket socket = server.accept()) {
            client = socket;
            DataInputStream in = new DataInputStream(socket.getInputStream());
            String request = head(in);
            shown.add(((SSLSocket) socket).getSession().getPeerCertificates()[0]);
            requests.add(request);
            answer(request, socket.getOutputStream());
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            while (close.isEmpty()) {
                mayRead.acquireUninterruptibly();
                frame(in, message);
            }
        } catch (IOException e) {
            close = close.isEmpty() ? "broken: " + e : close;
        }
    }

    private static String head(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    private static void answer(String request, OutputStream out) throws IOException {
        Matcher key = KEY.matcher(request);
        if (!key.find()) {
            throw new IOException("no WebSocket: " + request);
        }
        try {
            byte[] accept = MessageDigest.getInstance("SHA-1")
                    .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                            .getBytes(StandardCharsets.US_ASCII));
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(accept) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void frame(DataInputStream in, ByteArrayOutputStream message) throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte() & 0x7f;
        long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes((int) size);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        if ((first & 0x0f) == 8) {
            int code = ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
            close = code + " " + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
            return;
        }
        message.writeBytes(payload);
        if ((first & 0x80) != 0) {
            messages.add(message.toByteArray());
            message.reset();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
