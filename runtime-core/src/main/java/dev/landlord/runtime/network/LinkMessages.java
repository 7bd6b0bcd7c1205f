package dev.landlord.runtime.network;

import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.linux.NetlinkSocket.Family;
import dev.landlord.runtime.plan.NetlinkRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What rtnetlink(7) is told of links and routes. Pure. */
final class LinkMessages {
    private static final int NEW_LINK = 16;
    private static final int DELETE_LINK = 17;
    private static final int GET_LINK = 18;
    private static final int NEW_ADDRESS = 20;
    private static final int NEW_ROUTE = 24;
    private static final int DELETE_ROUTE = 25;

    private static final int EXCLUSIVE = 0x200;
    private static final int REPLACE = 0x100;
    private static final int CREATE = 0x400;
    private static final int DUMP = 0x300;

    private static final int AF_INET = 2;
    private static final int UP = 1;
    /** No address resolution: there is exactly one at the other end. */
    private static final int NO_ARP = 0x80;

    private static final int LINK_ADDRESS = 1;
    private static final int LINK_NAME = 3;
    private static final int LINK_MTU = 4;
    private static final int LINK_INFO = 18;
    private static final int LINK_NAMESPACE_PID = 19;
    private static final int LINK_FAMILIES = 26;
    private static final int LINK_GROUP = 27;
    private static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int VETH_PEER = 1;
    private static final int INET_SETTINGS = 1;
    private static final int INET_FORWARDING = 1;

    private static final int ADDRESS_LOCAL = 2;
    private static final int ADDRESS = 1;
    private static final int ROUTE_DESTINATION = 1;
    private static final int ROUTE_DEVICE = 4;
    private static final int ROUTE_GATEWAY = 5;

    private static final int MAIN_TABLE = 254;
    /** So that an administrator can see whose routes these are: {@code ip route show proto 76}. */
    private static final int OUR_PROTOCOL = 76;

    private static final int SCOPE_GLOBAL = 0;
    private static final int SCOPE_LINK = 253;
    /** In a deletion: whatever its scope. */
    private static final int SCOPE_NOWHERE = 255;

    private static final int UNSPECIFIED = 0;
    private static final int UNICAST = 1;
    private static final int UNREACHABLE = 7;

    private static final int LOOPBACK = 1;
    private static final int INSIDE = 2;
    private static final String INSIDE_NAME = "eth0";

    private LinkMessages() {}

    /** From outside: the link with its other end in the namespace of the process, forwarding on it, the route over it. */
    static Request outside(Link link, int mtu) {
        NetlinkBatch batch = new NetlinkBatch();
        batch.message(NEW_LINK, CREATE | EXCLUSIVE);
        interfaceHeader(batch, link.index(), UP | NO_ARP, UP | NO_ARP)
                .attribute(LINK_NAME, link.name())
                .attribute(LINK_ADDRESS, link.mac())
                .attribute(LINK_MTU, mtu)
                .attribute(LINK_GROUP, Link.GROUP)
                .nest(LINK_INFO)
                .attribute(INFO_KIND, "veth")
                .nest(INFO_DATA)
                .nest(VETH_PEER);
        interfaceHeader(batch, INSIDE, 0, 0)
                .attribute(LINK_NAME, INSIDE_NAME)
                .attribute(LINK_ADDRESS, link.mac())
                .attribute(LINK_MTU, mtu)
                .attribute(LINK_NAMESPACE_PID, 0);
        int pidAt = batch.position() - 4;
        batch.end().end().end();
        forwardingOn(batch, link.index());
        route(batch, NEW_ROUTE, CREATE | EXCLUSIVE, new Ipv4Prefix(link.address(), 32), SCOPE_LINK)
                .attribute(ROUTE_DEVICE, link.index());
        return request(batch, pidAt);
    }

    /** From inside: both interfaces up, the address, and everything else is behind the link. */
    static Request inside(Link link) {
        NetlinkBatch batch = new NetlinkBatch();
        batch.message(NEW_LINK, 0);
        interfaceHeader(batch, LOOPBACK, UP, UP);
        batch.message(NEW_LINK, 0);
        interfaceHeader(batch, INSIDE, UP | NO_ARP, UP | NO_ARP);
        batch.message(NEW_ADDRESS, CREATE | EXCLUSIVE)
                .u8(AF_INET)
                .u8(32)
                .u8(0)
                .u8(SCOPE_GLOBAL)
                .u32(INSIDE)
                .attribute(ADDRESS_LOCAL, octets(link.address()))
                .attribute(ADDRESS, octets(link.address()));
        route(batch, NEW_ROUTE, CREATE | EXCLUSIVE, new Ipv4Prefix(new Ipv4(0), 0), SCOPE_LINK)
                .attribute(ROUTE_DEVICE, INSIDE);
        return request(batch, NetlinkRequest.NO_PID);
    }

    static Request delete(Link link) {
        NetlinkBatch batch = new NetlinkBatch();
        batch.message(DELETE_LINK, 0);
        interfaceHeader(batch, link.index(), 0, 0);
        return request(batch, NetlinkRequest.NO_PID);
    }

    static Request routeTo(Ipv4Prefix prefix, Ipv4 gateway) {
        NetlinkBatch batch = new NetlinkBatch();
        route(batch, NEW_ROUTE, CREATE | REPLACE, prefix, SCOPE_GLOBAL).attribute(ROUTE_GATEWAY, octets(gateway));
        return request(batch, NetlinkRequest.NO_PID);
    }

    static Request unreachable(Ipv4Prefix prefix) {
        NetlinkBatch batch = new NetlinkBatch();
        routeHeader(batch, NEW_ROUTE, CREATE | REPLACE, prefix, SCOPE_GLOBAL, UNREACHABLE);
        return request(batch, NetlinkRequest.NO_PID);
    }

    private static Request request(NetlinkBatch batch, int pidAt) {
        return new Request(Family.ROUTE, new NetlinkRequest(batch.bytes(), pidAt, batch.answers()));
    }

    static Request noRouteTo(Ipv4Prefix prefix) {
        NetlinkBatch batch = new NetlinkBatch();
        routeHeader(batch, DELETE_ROUTE, 0, prefix, SCOPE_NOWHERE, UNSPECIFIED);
        return request(batch, NetlinkRequest.NO_PID);
    }

    /** Asks for all interfaces; the answer is for {@link #names}. */
    static byte[] list() {
        NetlinkBatch batch = new NetlinkBatch();
        batch.unanswered(GET_LINK, DUMP);
        interfaceHeader(batch, 0, 0, 0);
        return batch.bytes();
    }

    /** Names of the interfaces in an answer to {@link #list}. */
    static List<String> names(byte[] answer) {
        List<String> names = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 16 <= answer.length; ) {
            int length = in.getInt(at);
            if (length < 16 || length > answer.length - at) {
                throw new IllegalArgumentException("a message of " + length + " bytes at " + at);
            }
            if (in.getShort(at + 4) == NEW_LINK) {
                nameIn(in, at + 32, at + length).ifPresent(names::add);
            }
            at += (length + 3) & ~3;
        }
        return names;
    }

    private static Optional<String> nameIn(ByteBuffer in, int from, int to) {
        for (int at = from; at + 4 <= to; ) {
            int length = Short.toUnsignedInt(in.getShort(at));
            if (length < 4 || length > to - at) {
                throw new IllegalArgumentException("an attribute of " + length + " bytes at " + at);
            }
            if (in.getShort(at + 2) == LINK_NAME) {
                byte[] name = new byte[length - 5];
                in.get(at + 4, name);
                return Optional.of(new String(name, StandardCharsets.US_ASCII));
            }
            at += (length + 3) & ~3;
        }
        return Optional.empty();
    }

    /** struct ifinfomsg. */
    private static NetlinkBatch interfaceHeader(NetlinkBatch batch, int index, int flags, int change) {
        return batch.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(change);
    }

    /** For this interface alone: the switch for all would make a router of every host. */
    private static void forwardingOn(NetlinkBatch batch, int index) {
        batch.message(NEW_LINK, 0);
        interfaceHeader(batch, index, 0, 0)
                .nest(LINK_FAMILIES)
                .nest(AF_INET)
                .nest(INET_SETTINGS)
                .attribute(INET_FORWARDING, 1)
                .end()
                .end()
                .end();
    }

    private static NetlinkBatch route(NetlinkBatch batch, int type, int flags, Ipv4Prefix prefix, int scope) {
        return routeHeader(batch, type, flags, prefix, scope, UNICAST);
    }

    /** struct rtmsg and the destination. */
    private static NetlinkBatch routeHeader(
            NetlinkBatch batch, int type, int flags, Ipv4Prefix prefix, int scope, int kind) {
        batch.message(type, flags)
                .u8(AF_INET)
                .u8(prefix.length())
                .u8(0)
                .u8(0)
                .u8(MAIN_TABLE)
                .u8(OUR_PROTOCOL)
                .u8(scope)
                .u8(kind)
                .u32(0);
        return prefix.length() == 0 ? batch : batch.attribute(ROUTE_DESTINATION, octets(prefix.first()));
    }

    static byte[] octets(Ipv4 address) {
        return ByteBuffer.allocate(4).putInt(address.bits()).array();
    }
}
