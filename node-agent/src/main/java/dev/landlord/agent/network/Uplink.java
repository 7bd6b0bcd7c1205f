package dev.landlord.agent.network;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How this host is connected itself.
 *
 * @param address under which others reach it
 * @param device that has the address; null for a host without a network
 */
public record Uplink(String address, @Nullable String device) {
    private static final Uplink NONE = new Uplink("127.0.0.1", null);

    /** @throws IOException if no device of this host has the address */
    public static Uplink of(String address) throws IOException {
        NetworkInterface device = NetworkInterface.getByInetAddress(InetAddress.getByName(address));
        if (device == null) {
            throw new IOException("no device of this host has the address " + address);
        }
        return device.isLoopback() ? new Uplink(address, null) : new Uplink(address, device.getName());
    }

    /** By the way to a host; where that is this host itself, by the first address that is not the loopback's. */
    public static Uplink towards(String host) throws IOException {
        InetAddress local = localAddressTowards(host);
        if (local instanceof Inet4Address && !local.isLoopbackAddress()) {
            return of(local.getHostAddress());
        }
        Optional<Uplink> first = devices()
                .flatMap(device -> device.inetAddresses()
                        .filter(Inet4Address.class::isInstance)
                        .map(address -> new Uplink(address.getHostAddress(), device.getName())))
                .findFirst();
        return first.orElse(NONE);
    }

    /** The address that this host has on its way to another; nothing is sent, connecting only asks the routing table. */
    public static InetAddress localAddressTowards(String host) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), 9));
            return socket.getLocalAddress();
        }
    }

    private static Stream<NetworkInterface> devices() throws SocketException {
        return NetworkInterface.networkInterfaces().filter(device -> {
            try {
                return device.isUp() && !device.isLoopback();
            } catch (SocketException gone) {
                return false; // it went while it was looked at
            }
        });
    }
}
