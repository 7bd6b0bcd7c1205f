package dev.landlord.runtime.state;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Connection.PublishedPort;
import dev.landlord.runtime.Ipv4;
import java.util.ArrayList;
import java.util.List;

/** A connection as a line of words; see {@link SandboxDirectory}. Pure. */
final class ConnectionLine {
    private ConnectionLine() {}

    static String write(Connection connection) {
        StringBuilder line = new StringBuilder("1 " + connection.address() + " " + connection.tenantMark());
        for (PublishedPort port : connection.ports()) {
            line.append(' ')
                    .append(port.protocol())
                    .append(':')
                    .append(port.port())
                    .append(':')
                    .append(port.hostPort());
        }
        return line.append('\n').toString();
    }

    /** @param words of a line, the version first */
    static Connection read(String[] words) {
        List<PublishedPort> ports = new ArrayList<>();
        for (int i = 3; i < words.length; i++) {
            String[] parts = words[i].split(":", -1);
            ports.add(new PublishedPort(
                    Protocol.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
        }
        return new Connection(Ipv4.parse(words[1]), Integer.parseInt(words[2]), ports);
    }
}
