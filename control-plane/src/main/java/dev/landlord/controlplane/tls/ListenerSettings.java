package dev.landlord.controlplane.tls;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the operator says about the listeners.
 *
 * @param folder where the server's certificate is kept
 * @param names host names and addresses for which the certificate is made; one at least
 * @param life of that certificate
 * @param ports 0: any free one
 */
public record ListenerSettings(
        Path folder, InetAddress address, List<String> names, Duration life, Map<Listener, Integer> ports) {
    public ListenerSettings {
        names = List.copyOf(names);
        ports = Map.copyOf(ports);
    }

    int port(Listener listener) {
        Integer port = ports.get(listener);
        if (port == null) {
            throw new IllegalArgumentException("no port for listener " + listener);
        }
        return port;
    }
}
