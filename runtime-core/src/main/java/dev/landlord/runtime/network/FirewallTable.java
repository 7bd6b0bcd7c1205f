package dev.landlord.runtime.network;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.NetworkConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table that holds whatever our sandboxes send and get. Its rules never change; what changes are its sets. Pure: all of
 * it is text for nft(8).
 */
final class FirewallTable {
    /** Which interface may send with which address. */
    static final String SOURCES = "sources";
    /** Tenant's mark by interface. */
    static final String TENANTS = "tenants";
    /** Which interface may get what comes from which tenant. */
    static final String MEMBERS = "members";
    /** Address and port of a sandbox by protocol and port of the host. */
    static final String DOORS = "doors";

    private static final String PEERS = "peers";
    private static final String FORBIDDEN = "forbidden";
    private static final String TEMPLATE = "/dev/landlord/runtime/network/table.nft";
    private static final Pattern COUNTER = Pattern.compile("counter (\\w+) \\{\\s*packets (\\d+) bytes \\d+");

    private FirewallTable() {}

    /** Puts the table up anew with all of its elements, whether or not there was one. */
    static String putUp(
            NetworkConfig config, Ipv4Prefix cluster, Neighbourhood around, Collection<Connection> connections) {
        StringBuilder commands = new StringBuilder(rules(config, cluster));
        connections.stream()
                .sorted(Comparator.comparing(Connection::address))
                .flatMap(connection -> Element.of(connection).stream())
                .collect(Collectors.groupingBy(
                        Element::set, TreeMap::new, Collectors.mapping(Element::text, Collectors.toList())))
                .forEach((set, texts) -> add(commands, config.table(), set, texts));
        addSurroundings(commands, config.table(), around);
        return commands.toString();
    }

    /** Replaces what the table knows of other hosts. */
    static String surround(String table, Neighbourhood around) {
        StringBuilder commands = new StringBuilder();
        commands.append("flush set inet ")
                .append(table)
                .append(' ')
                .append(PEERS)
                .append('\n');
        commands.append("flush set inet ")
                .append(table)
                .append(' ')
                .append(FORBIDDEN)
                .append('\n');
        addSurroundings(commands, table, around);
        return commands.toString();
    }

    static String takeDown(String table) {
        return "add table inet " + table + "\ndelete table inet " + table + "\n";
    }

    static String listCounters(String table) {
        return "list counters table inet " + table + "\n";
    }

    /** Packets by name, from the answer to {@link #listCounters}. */
    static Map<String, Long> packets(String answer) {
        Map<String, Long> packets = new TreeMap<>();
        Matcher counter = COUNTER.matcher(answer);
        while (counter.find()) {
            packets.put(counter.group(1), Long.valueOf(counter.group(2)));
        }
        return packets;
    }

    private static void addSurroundings(StringBuilder commands, String table, Neighbourhood around) {
        List<String> peers = around.peers().entrySet().stream()
                .map(peer -> peer.getKey() + " . 0x" + HexFormat.of().toHexDigits(peer.getValue()))
                .sorted()
                .toList();
        add(commands, table, PEERS, peers);
        add(
                commands,
                table,
                FORBIDDEN,
                around.forbidden().stream().map(Ipv4Prefix::toString).sorted().toList());
    }

    private static void add(StringBuilder commands, String table, String set, List<String> elements) {
        if (!elements.isEmpty()) {
            commands.append("add element inet ").append(table).append(' ').append(set);
            commands.append(" { ").append(String.join(", ", elements)).append(" }\n");
        }
    }

    private static String rules(NetworkConfig config, Ipv4Prefix cluster) {
        String offered = config.offered().stream()
                .map(range -> range.first() + "-" + range.last())
                .collect(Collectors.joining(", "));
        NetworkConfig.FlowBounds bounds = config.bounds();
        return template()
                .replace("$TABLE", config.table())
                .replace("$CLUSTER", cluster.toString())
                .replace("$OFFERED", offered)
                .replace("$GROUP", Integer.toString(Link.GROUP))
                .replace("$OUTGOING", Integer.toString(bounds.outgoing()))
                .replace("$INCOMING", Integer.toString(bounds.incoming()))
                .replace("$BIRTHS_BURST", Integer.toString(2 * bounds.newPerSecond()))
                .replace("$BIRTHS", Integer.toString(bounds.newPerSecond()))
                .replace("$PACKETS_BURST", Integer.toString(2 * bounds.packetsPerSecond()))
                .replace("$PACKETS", Integer.toString(bounds.packetsPerSecond()));
    }

    private static String template() {
        try (InputStream in = FirewallTable.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException("this build has no firewall table: " + TEMPLATE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("read " + TEMPLATE, e);
        }
    }
}
