package dev.landlord.runtime.netlink;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Connection.PublishedPort;
import dev.landlord.runtime.Ipv4;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An element of a set or map, in both forms that the kernel is told it: as bytes, and as text when the whole table is
 * loaded. Fields of a key begin at multiples of four bytes.
 *
 * @param data what the key leads to, empty in sets
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Element(String set, String text, byte[] key, byte[] data) {
    private static final int NAME_BYTES = 16;
    private static final byte[] NOTHING = {};

    /** All that the rules know of one sandbox of this host. */
    public static List<Element> of(Connection connection) {
        SandboxLink link = SandboxLink.of(connection.address());
        int mark = connection.tenantMark();
        String name = '"' + link.name() + '"';
        List<Element> elements = new ArrayList<>();
        elements.add(new Element(
                "sources", name + " . " + link.address(), key(name(link), address(link.address())), NOTHING));
        elements.add(new Element("tenants", name + " : " + text(mark), name(link), mark(mark)));
        elements.add(new Element("members", name + " . " + text(mark), key(name(link), mark(mark)), NOTHING));
        connection.ports().forEach(port -> elements.add(published(connection.address(), port)));
        return elements;
    }

    private static Element published(Ipv4 address, PublishedPort port) {
        return new Element(
                "published",
                "%s . %d : %s . %d"
                        .formatted(
                                port.protocol().name().toLowerCase(Locale.ROOT), port.hostPort(), address, port.port()),
                key(new byte[] {(byte) port.protocol().number(), 0, 0, 0}, port(port.hostPort())),
                key(address(address), port(port.port())));
    }

    /** A sandbox of another host. */
    public static Element peer(Ipv4 address, int mark) {
        return new Element("peers", address + " . " + text(mark), key(address(address), mark(mark)), NOTHING);
    }

    private static String text(int mark) {
        return "0x%08x".formatted(mark);
    }

    private static byte[] name(SandboxLink link) {
        byte[] text = link.name().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(NAME_BYTES).put(text).array();
    }

    private static byte[] address(Ipv4 address) {
        return NetlinkWriter.networkOrder(address.bits());
    }

    private static byte[] port(int port) {
        return ByteBuffer.allocate(4).putShort((short) port).array();
    }

    private static byte[] mark(int mark) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(mark)
                .array();
    }

    private static byte[] key(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
