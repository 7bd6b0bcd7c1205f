package dev.landlord.controlplane.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends connections that take too long to ask for something. */
final class BoundedEndpoint extends NioEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedEndpoint.class);
    private static final long SWEEP_MILLIS = 500;

    private final Map<InetSocketAddress, SocketChannel> channels = new ConcurrentHashMap<>();
    private final Visits<InetSocketAddress> visits = new Visits<>(
            TimeUnit.MILLISECONDS.toNanos(Listeners.HEADERS_TIMEOUT_MILLIS),
            TimeUnit.MILLISECONDS.toNanos(Listeners.IDLE_TIMEOUT_MILLIS + Listeners.HEADERS_TIMEOUT_MILLIS));
    private @Nullable ScheduledFuture<?> sweeping;

    @Override
    public void startInternal() throws Exception {
        super.startInternal();
        sweeping = getUtilityExecutor()
                .scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void unbind() throws Exception {
        if (sweeping != null) {
            sweeping.cancel(false);
        }
        super.unbind();
    }

    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
        try {
            if (socket.getRemoteAddress() instanceof InetSocketAddress client) {
                channels.put(client, socket);
                visits.opened(client, System.nanoTime());
            }
        } catch (IOException gone) {
            LOG.debug("A client was gone when it was accepted", gone);
        }
        return super.setSocketOptions(socket);
    }

    void begun(String address, int port) {
        visits.begun(client(address, port));
    }

    void ended(String address, int port, Visits.Rest rest) {
        visits.ended(client(address, port), rest, System.nanoTime());
    }

    private static InetSocketAddress client(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private void sweep() {
        channels.values().removeIf(channel -> !channel.isOpen());
        visits.retain(channels.keySet());
        visits.expired(System.nanoTime()).forEach(this::end);
    }

    /** It looks as if the client had hung up: Tomcat then closes, on the thread that has the connection, what it has of it. */
    private void end(InetSocketAddress client) {
        SocketChannel channel = channels.remove(client);
        if (channel != null) {
            try {
                channel.shutdownInput();
            } catch (IOException closed) {
                LOG.debug("{} was closed before it was told to go", client, closed);
            }
        }
    }
}
