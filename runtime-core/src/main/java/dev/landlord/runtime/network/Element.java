package dev.landlord.runtime.network;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Ipv4;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What a connected sandbox has in one of the table's sets: for nft(8) as text, and as the kernel compares it, fields one after
 * the other, each padded to four bytes.
 *
 * @param key in lower-case hex
 * @param data of a map, in lower-case hex; empty for a set
 */
record Element(String set, String text, String key, String data) {
    private static final int INTERFACE_NAME_BYTES = 16;

    static List<Element> of(Connection connection) {
        Ipv4 address = connection.address();
        String name = new Link(address).name();
        String nameKey = interfaceName(name);
        String mark = mark(connection.tenantMark());
        String markText = "0x" + HexFormat.of().toHexDigits(connection.tenantMark());
        List<Element> elements = new ArrayList<>();
        elements.add(
                new Element(FirewallTable.SOURCES, quoted(name) + " . " + address, nameKey + address(address), ""));
        elements.add(new Element(FirewallTable.TENANTS, quoted(name) + " : " + markText, nameKey, mark));
        elements.add(new Element(FirewallTable.MEMBERS, quoted(name) + " . " + markText, nameKey + mark, ""));
        connection.ports().forEach(port -> elements.add(door(address, port)));
        return elements;
    }

    private static Element door(Ipv4 address, Connection.PublishedPort port) {
        int protocol = port.protocol().number();
        return new Element(
                FirewallTable.DOORS,
                protocol + " . " + port.hostPort() + " : " + address + " . " + port.port(),
                HexFormat.of().toHexDigits((byte) protocol) + "000000" + number(port.hostPort()),
                address(address) + number(port.port()));
    }

    private static String quoted(String name) {
        return '"' + name + '"';
    }

    private static String interfaceName(String name) {
        return HexFormat.of().formatHex(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), INTERFACE_NAME_BYTES));
    }

    private static String address(Ipv4 address) {
        return HexFormat.of().toHexDigits(address.bits());
    }

    /** Marks are numbers of the machine, not of the network. */
    private static String mark(int mark) {
        byte[] bytes = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(mark)
                .array();
        return HexFormat.of().formatHex(bytes);
    }

    private static String number(int port) {
        return HexFormat.of().toHexDigits((short) port) + "0000";
    }
}
