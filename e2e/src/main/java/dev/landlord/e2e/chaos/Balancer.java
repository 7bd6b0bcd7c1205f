package dev.landlord.e2e.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What an operator has in front of several control planes: hands connections on to one that accepts them, looks at each of them
 * every second, and cuts the connections to one that does not answer.
 */
final class Balancer implements AutoCloseable {
    private static final int CONNECT_MILLIS = 1000;
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final ServerSocket door;
    private final List<InetSocketAddress> behind;
    private final Map<InetSocketAddress, Set<Socket>> open = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean closed;

    Balancer(String address, List<InetSocketAddress> behind) throws IOException {
        this.door = new ServerSocket(0, 128, InetAddress.ofLiteral(address));
        this.behind = List.copyOf(behind);
        threads.execute(this::accept);
        behind.forEach(backend -> threads.execute(() -> watch(backend)));
    }

    int port() {
        return door.getLocalPort();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = door.accept();
                threads.execute(() -> serve(client));
            } catch (IOException over) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        int first = turn.getAndIncrement();
        for (int i = 0; i < behind.size(); i++) {
            InetSocketAddress backend = behind.get(Math.floorMod(first + i, behind.size()));
            Socket server = new Socket();
            try {
                server.connect(backend, CONNECT_MILLIS);
            } catch (IOException next) {
                shut(server);
                continue;
            }
            join(client, server, backend);
            return;
        }
        shut(client);
    }

    private void join(Socket client, Socket server, InetSocketAddress backend) {
        Set<Socket> sockets = open.computeIfAbsent(backend, none -> ConcurrentHashMap.newKeySet());
        sockets.add(server);
        threads.execute(() -> copy(client, server));
        copy(server, client);
        sockets.remove(server);
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException over) {
            // Either of them has gone: so both go.
        } finally {
            shut(from);
            shut(to);
        }
    }

    private void watch(InetSocketAddress backend) {
        while (!closed) {
            LockSupport.parkNanos(LOOK_NANOS);
            try (Socket look = new Socket()) {
                look.connect(backend, CONNECT_MILLIS);
            } catch (IOException away) {
                open.getOrDefault(backend, Set.of()).forEach(Balancer::shut);
            }
        }
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.values().forEach(sockets -> sockets.forEach(Balancer::shut));
        threads.shutdownNow();
        threads.close();
    }
}
