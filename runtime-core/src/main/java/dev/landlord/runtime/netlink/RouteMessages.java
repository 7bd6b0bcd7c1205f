package dev.landlord.runtime.netlink;

import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests that put and remove routes, rtnetlink(7). Ours carry a protocol number of their own, so that we find them again. */
public final class RouteMessages {
    private static final int NEW_ROUTE = 24;
    private static final int DELETE_ROUTE = 25;
    private static final int GET_ROUTE = 26;

    /** Numbers above 4 are for whoever wants one; this one is in nobody's list. */
    private static final int OURS = 0x4c;

    private static final int MAIN_TABLE = 254;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int UNICAST = 1;
    private static final int UNREACHABLE = 7;
    private static final int ON_LINK = 4;

    private static final int DESTINATION = 1;
    private static final int DEVICE = 4;
    private static final int GATEWAY = 5;

    private RouteMessages() {}

    /**
     * A route of ours.
     *
     * @param via null where packets are to be refused
     * @param index of the device, as the kernel tells it; 0 when it is for the kernel to find
     */
    public record Route(Ipv4Prefix destination, @Nullable Ipv4 via, int index) {
        /** It came with a sandbox's link and goes with it. */
        public boolean isOfLink() {
            return index >= SandboxLink.FIRST_INDEX;
        }
    }

    static void toDevice(NetlinkWriter out, Ipv4 address, int index) {
        header(out, NetlinkWriter.CREATE | NetlinkWriter.REPLACE, 32, SCOPE_LINK, UNICAST, 0)
                .attribute(DESTINATION, address)
                .attribute(DEVICE, index);
    }

    static void defaultVia(NetlinkWriter out, Ipv4 gateway, int index) {
        header(out, NetlinkWriter.CREATE | NetlinkWriter.EXCLUSIVE, 0, SCOPE_UNIVERSE, UNICAST, ON_LINK)
                .attribute(DEVICE, index)
                .attribute(GATEWAY, gateway);
    }

    private static NetlinkWriter header(
            NetlinkWriter out, int flags, int destinationLength, int scope, int kind, int routeFlags) {
        return out.begin(NEW_ROUTE, flags)
                .u8(LinkMessages.INET)
                .u8(destinationLength)
                .u8(0)
                .u8(0)
                .u8(MAIN_TABLE)
                .u8(OURS)
                .u8(scope)
                .u8(kind)
                .u32(routeFlags);
    }

    public static byte[] put(Route route) {
        NetlinkWriter out = new NetlinkWriter();
        int kind = route.via() == null ? UNREACHABLE : UNICAST;
        header(
                out,
                NetlinkWriter.CREATE | NetlinkWriter.REPLACE,
                route.destination().length(),
                SCOPE_UNIVERSE,
                kind,
                0);
        out.attribute(DESTINATION, route.destination().first());
        if (route.via() != null) {
            out.attribute(GATEWAY, route.via());
        }
        return out.acknowledged();
    }

    public static byte[] delete(Route route) {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(DELETE_ROUTE, 0)
                .u8(LinkMessages.INET)
                .u8(route.destination().length())
                .u8(0)
                .u8(0)
                .u8(MAIN_TABLE)
                .u8(OURS)
                .u8(255)
                .u8(0)
                .u32(0);
        return out.attribute(DESTINATION, route.destination().first()).acknowledged();
    }

    public static byte[] list() {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(GET_ROUTE, NetlinkWriter.DUMP)
                .u8(LinkMessages.INET)
                .u8(0)
                .u16(0)
                .u32(0)
                .u32(0);
        return out.bytes();
    }

    /** Ours among all routes of IPv4. */
    public static List<Route> routes(List<NetlinkAnswer> answers) {
        List<Route> found = new ArrayList<>();
        for (NetlinkAnswer answer : answers) {
            byte[] header = answer.payload();
            if (answer.type() == NEW_ROUTE && (header[4] & 255) == MAIN_TABLE && (header[5] & 255) == OURS) {
                Map<Integer, byte[]> attributes = answer.attributes(12);
                byte[] via = attributes.get(GATEWAY);
                found.add(new Route(
                        new Ipv4Prefix(address(attributes.getOrDefault(DESTINATION, new byte[4])), header[1] & 255),
                        via == null ? null : address(via),
                        NetlinkAnswer.number(attributes.getOrDefault(DEVICE, new byte[4]))));
            }
        }
        return found;
    }

    private static Ipv4 address(byte[] networkOrder) {
        return new Ipv4(ByteBuffer.wrap(networkOrder).getInt());
    }
}
