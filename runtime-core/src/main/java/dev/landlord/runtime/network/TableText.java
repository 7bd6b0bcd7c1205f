package dev.landlord.runtime.network;

import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.NetworkConfig;
import dev.landlord.runtime.NetworkConfig.FlowBounds;
import dev.landlord.runtime.netlink.Element;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The whole table as nft(8) reads it. Pure; the same input gives the same text. */
final class TableText {
    private TableText() {}

    /**
     * @param template the resource {@code table.nft}
     * @param guarded the uplink forwards only what concerns sandboxes
     * @param elements of sandboxes and peers
     */
    static String render(
            String template,
            NetworkConfig config,
            boolean guarded,
            Neighbourhood neighbourhood,
            Collection<Element> elements) {
        StringBuilder text = new StringBuilder(fill(template, config));
        String table = config.table();
        if (config.uplink() != null) {
            String uplink = '"' + config.uplink() + '"';
            add(text, table, "uplinks", List.of(uplink));
            add(text, table, "guarded", guarded ? List.of(uplink) : List.of());
        }
        add(
                text,
                table,
                "cluster",
                Stream.ofNullable(neighbourhood.cluster()).map(Object::toString).toList());
        add(text, table, "forbidden", outermost(neighbourhood.forbidden()));
        add(
                text,
                table,
                "offered",
                config.offered().stream()
                        .map(range -> range.first() + "-" + range.last())
                        .toList());
        elements.stream()
                .collect(Collectors.groupingBy(
                        Element::set, TreeMap::new, Collectors.mapping(Element::text, Collectors.toList())))
                .forEach((set, texts) -> add(text, table, set, texts));
        return text.toString();
    }

    /** Takes the table away, if it is there. */
    static String gone(String table) {
        return "table inet " + table + "\ndelete table inet " + table + "\n";
    }

    private static String fill(String template, NetworkConfig config) {
        FlowBounds bounds = config.bounds();
        return template.replace("${table}", config.table())
                .replace("${packetsPerSecond}", number(bounds.packetsPerSecond()))
                .replace("${packetsBurst}", number(2L * bounds.packetsPerSecond()))
                .replace("${newPerSecond}", number(bounds.newPerSecond()))
                .replace("${newBurst}", number(2L * bounds.newPerSecond()))
                .replace("${outgoing}", number(bounds.outgoing()))
                .replace("${incoming}", number(bounds.incoming()));
    }

    private static String number(long value) {
        return Long.toString(value);
    }

    /** A set of intervals takes none that lies in another. */
    private static List<String> outermost(Collection<Ipv4Prefix> prefixes) {
        List<Ipv4Prefix> kept = new ArrayList<>();
        prefixes.stream()
                .sorted(Comparator.comparingInt(Ipv4Prefix::length).thenComparing(Ipv4Prefix::first))
                .filter(prefix -> kept.stream().noneMatch(larger -> larger.contains(prefix)))
                .forEach(kept::add);
        return kept.stream().map(Ipv4Prefix::toString).toList();
    }

    private static void add(StringBuilder text, String table, String set, List<String> elements) {
        if (!elements.isEmpty()) {
            text.append("add element inet %s %s { %s }\n".formatted(table, set, String.join(", ", elements)));
        }
    }
}
