package dev.landlord.e2e.network;

import dev.landlord.e2e.host.HostCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Hosts in a rack, with a cable each to one switch, at which this machine sits, too. Addresses are from 198.18.0.0/15, which
 * is set aside for tests of networks (RFC 2544). Not thread-safe.
 */
public final class Rack implements AutoCloseable {
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final int LONGEST_LINK_NAME = 15;

    private final String switchName;
    private final int subnet;
    private final List<String> hosts = new ArrayList<>();

    private Rack(String switchName, int subnet) {
        this.switchName = switchName;
        this.subnet = subnet;
    }

    /**
     * Puts a rack up.
     *
     * @param number tells racks of one machine apart, 0 to 255; part of names and addresses
     * @param hosts how many, at most 8
     */
    public static Rack assemble(int number, int hosts) {
        Rack rack = new Rack("rack" + number, number);
        try {
            rack.addSwitch();
            for (int i = 1; i <= hosts; i++) {
                rack.addHost(i);
            }
            return rack;
        } catch (RuntimeException e) {
            rack.close();
            throw e;
        }
    }

    /** Of this machine at the switch. */
    public String ownAddress() {
        return address(254);
    }

    /** @param host counted from 1 */
    public String addressOf(int host) {
        return address(host);
    }

    /** @param host counted from 1 */
    public Path namespaceOf(int host) {
        return NAMESPACES.resolve(name(host));
    }

    /** Pulls the cable: nothing goes in or out any more, and nobody is told. */
    public void cut(int host) {
        ip("link", "set", cable(host), "down");
    }

    /** Plugs it in again. */
    public void mend(int host) {
        ip("link", "set", cable(host), "up");
    }

    private void addSwitch() {
        ip("link", "add", switchName, "type", "bridge");
        ip("address", "add", ownAddress() + "/24", "dev", switchName);
        ip("link", "set", switchName, "up");
    }

    private void addHost(int host) {
        String name = name(host);
        ip("netns", "add", name);
        hosts.add(name);
        ip("link", "add", cable(host), "master", switchName, "type", "veth", "peer", "name", "uplink", "netns", name);
        ip("link", "set", cable(host), "up");
        ip("-netns", name, "link", "set", "lo", "up");
        ip("-netns", name, "address", "add", addressOf(host) + "/24", "dev", "uplink");
        ip("-netns", name, "link", "set", "uplink", "up");
        ip("-netns", name, "route", "add", "default", "via", ownAddress());
    }

    private String address(int last) {
        return "198.18." + subnet + "." + last;
    }

    private String name(int host) {
        return switchName + "-host" + host;
    }

    private String cable(int host) {
        String name = switchName + "-" + host;
        if (name.length() > LONGEST_LINK_NAME) {
            throw new IllegalArgumentException("too long for a link: " + name);
        }
        return name;
    }

    private static void ip(String... words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        HostCommand.must(command);
    }

    /** Takes everything down; a link goes with either of its ends, a namespace once no process is in it. */
    @Override
    public void close() {
        hosts.forEach(host -> HostCommand.run(List.of("ip", "netns", "delete", host)));
        HostCommand.run(List.of("ip", "link", "delete", switchName));
        for (int host = 1; host <= hosts.size(); host++) {
            HostCommand.run(List.of("ip", "link", "delete", cable(host)));
        }
    }
}
