package dev.landlord.runtime.netlink;

import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Ipv4;

/** Requests to forget connections, conntrack(8). */
public final class FlowMessages {
    private static final int DELETE = 1 << 8 | 2;
    /** Only with this version does the kernel look at the family. */
    private static final int VERSION = 1;

    private static final int ORIGINAL = 1;
    private static final int REPLY = 2;
    private static final int STATUS = 3;
    private static final int FILTER = 25;
    private static final int STATUS_MASK = 26;
    private static final int TRANSLATED = 1 << 4 | 1 << 5;
    private static final int FILTER_ORIGINAL = 1;
    private static final int FILTER_REPLY = 2;
    private static final int BY_SOURCE = 1;
    private static final int BY_PROTOCOL_AND_PORT = 1 << 3 | 1 << 5;
    private static final int TUPLE_IP = 1;
    private static final int IP_SOURCE = 1;
    private static final int TUPLE_PROTOCOL = 2;
    private static final int PROTOCOL_NUMBER = 1;
    private static final int PROTOCOL_PORT = 3;

    private FlowMessages() {}

    /**
     * Forgets all connections from and to an address, so that whoever gets it next inherits none: with it, packets for a
     * published port of the last one would still be redirected.
     */
    public static byte[] forget(Ipv4 address) {
        NetlinkWriter out = new NetlinkWriter();
        forget(out, ORIGINAL, FILTER_ORIGINAL, address);
        // Of a connection to it, its answers come from it, whatever its packets were sent to at first.
        forget(out, REPLY, FILTER_REPLY, address);
        return out.bytes();
    }

    /**
     * Forgets all connections to a port that are not translated to anything, whatever they were sent to. Without it those who
     * sent datagrams while nobody had the port would be led past its new owner for as long as they go on.
     */
    public static byte[] forget(Protocol protocol, int port) {
        NetlinkWriter out = new NetlinkWriter();
        begin(out);
        int tuple = out.nest(ORIGINAL);
        int transport = out.nest(TUPLE_PROTOCOL);
        out.attribute(PROTOCOL_NUMBER, new byte[] {(byte) protocol.number()})
                .attribute(PROTOCOL_PORT, new byte[] {(byte) (port >> 8), (byte) port});
        out.close(transport).close(tuple);
        filter(out, FILTER_ORIGINAL, BY_PROTOCOL_AND_PORT);
        out.attribute(STATUS, 0).attribute(STATUS_MASK, NetlinkWriter.networkOrder(TRANSLATED));
        return out.bytes();
    }

    private static void begin(NetlinkWriter out) {
        out.begin(DELETE, NetlinkWriter.ACK).u8(LinkMessages.INET).u8(VERSION).u16(0);
    }

    private static void filter(NetlinkWriter out, int filterOf, int flags) {
        int filter = out.nest(FILTER);
        out.attribute(filterOf, flags).close(filter);
    }

    private static void forget(NetlinkWriter out, int direction, int filterOf, Ipv4 address) {
        begin(out);
        int tuple = out.nest(direction);
        int ip = out.nest(TUPLE_IP);
        out.attribute(IP_SOURCE, address).close(ip).close(tuple);
        filter(out, filterOf, BY_SOURCE);
    }
}
