package dev.landlord.controlplane.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Stands between a store and its database, and can swallow what each says to the other. */
final class StallingProxy implements AutoCloseable {
    private static final long LOOK_NANOS = 10_000_000;
    private static final String PREFIX = "jdbc:";

    private final URI behind;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stalled;

    StallingProxy(String url) throws IOException {
        behind = URI.create(url.substring(PREFIX.length()));
        door = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return PREFIX + behind.getScheme() + "://127.0.0.1:" + door.getLocalPort() + behind.getPath();
    }

    /** Who comes meanwhile is sent away. */
    void stall() {
        stalled = true;
    }

    /** For new connections: those that were stalled stay so. */
    void goOn() {
        open.clear();
        stalled = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                if (stalled) {
                    client.close();
                    continue;
                }
                Socket server = new Socket(behind.getHost(), behind.getPort());
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> copy(client, server));
                Thread.ofVirtual().start(() -> copy(server, client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                while (stalled || !open.contains(from)) {
                    if (door.isClosed()) {
                        return;
                    }
                    LockSupport.parkNanos(LOOK_NANOS);
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException ended) {
            // One of them has gone: the other is told by the close.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
