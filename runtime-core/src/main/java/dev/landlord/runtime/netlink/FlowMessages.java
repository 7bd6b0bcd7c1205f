package dev.landlord.runtime.netlink;

import dev.landlord.runtime.Ipv4;

/** Requests to forget connections, conntrack(8). */
public final class FlowMessages {
    private static final int DELETE = 1 << 8 | 2;
    /** Only with this version does the kernel look at the family. */
    private static final int VERSION = 1;

    private static final int ORIGINAL = 1;
    private static final int REPLY = 2;
    private static final int FILTER = 25;
    private static final int FILTER_ORIGINAL = 1;
    private static final int FILTER_REPLY = 2;
    private static final int BY_SOURCE = 1;
    private static final int TUPLE_IP = 1;
    private static final int IP_SOURCE = 1;

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

    private static void forget(NetlinkWriter out, int direction, int filterOf, Ipv4 address) {
        out.begin(DELETE, NetlinkWriter.ACK).u8(LinkMessages.INET).u8(VERSION).u16(0);
        int tuple = out.nest(direction);
        int ip = out.nest(TUPLE_IP);
        out.attribute(IP_SOURCE, address).close(ip).close(tuple);
        int filter = out.nest(FILTER);
        out.attribute(filterOf, BY_SOURCE).close(filter);
    }
}
