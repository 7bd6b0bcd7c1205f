package dev.landlord.runtime.netlink;

import dev.landlord.runtime.Ipv4;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Requests that make, raise and remove links, rtnetlink(7). Each array is sent whole; the kernel carries its messages out in
 * order.
 */
public final class LinkMessages {
    static final int NEW_LINK = 16;
    private static final int DELETE_LINK = 17;
    private static final int GET_LINK = 18;
    private static final int NEW_ADDRESS = 20;
    private static final int NEW_NEIGHBOUR = 28;

    static final int INET = 2;
    static final int INET6 = 10;
    private static final int UP = 1;
    private static final int NO_ARP = 0x80;
    private static final int PERMANENT = 0x80;

    private static final int LINK_ADDRESS = 1;
    private static final int LINK_NAME = 3;
    private static final int LINK_MTU = 4;
    private static final int LINK_INFO = 18;
    private static final int LINK_NAMESPACE_PID = 19;
    private static final int LINK_AF_SPEC = 26;
    private static final int LINK_GROUP = 27;
    private static final int LINK_TX_QUEUES = 31;
    private static final int LINK_RX_QUEUES = 32;
    private static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int VETH_PEER = 1;
    private static final int INET_CONF = 1;
    private static final int INET6_ADDRESS_MODE = 8;
    private static final int NO_ADDRESS = 1;

    private static final int CONF_FORWARDING = 1;
    private static final int CONF_ACCEPT_REDIRECTS = 4;
    private static final int CONF_SEND_REDIRECTS = 6;
    private static final int CONF_ACCEPT_SOURCE_ROUTE = 9;

    private static final int LOOPBACK_INDEX = 1;
    private static final int INSIDE_INDEX = 2;
    /** Nobody has it: the way out needs a name for the other side, and one entry in the table of neighbours, not more. */
    private static final Ipv4 GATEWAY = Ipv4.parse("169.254.1.1");

    private LinkMessages() {}

    /**
     * Makes the link of a sandbox, with its other end in the namespace of a process.
     *
     * @param pidOffset where in the batch the process's number goes, four bytes of the machine's order
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
    public record Attach(String name, byte[] batch, int pidOffset) {}

    /**
     * What this host's links are like.
     *
     * @param mtu that of the uplink, so that nothing that a sandbox sends has to be cut
     * @param ipv6 whether the kernel has it, and it has to be kept off the links
     */
    public record HostLinks(int mtu, boolean ipv6) {}

    public static Attach attach(SandboxLink link, HostLinks host) {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(NEW_LINK, NetlinkWriter.CREATE | NetlinkWriter.EXCLUSIVE);
        linkHeader(out, link.index(), NO_ARP, NO_ARP);
        end(out, link.name(), link, host.mtu()).attribute(LINK_GROUP, SandboxLink.GROUP);
        int info = out.nest(LINK_INFO);
        out.attribute(INFO_KIND, "veth");
        int data = out.nest(INFO_DATA);
        int peer = out.nest(VETH_PEER);
        linkHeader(out, INSIDE_INDEX, NO_ARP, NO_ARP);
        end(out, "eth0", link, host.mtu());
        int pidOffset = out.position() + 4;
        out.attribute(LINK_NAMESPACE_PID, 0);
        out.close(peer).close(data).close(info);

        raise(
                out,
                link.index(),
                host.ipv6(),
                Map.of(
                        CONF_FORWARDING, 1,
                        CONF_ACCEPT_REDIRECTS, 0,
                        CONF_SEND_REDIRECTS, 0,
                        CONF_ACCEPT_SOURCE_ROUTE, 0));
        neighbour(out, link.index(), link.address(), link);
        RouteMessages.toDevice(out, link.address(), link.index());
        return new Attach(link.name(), out.acknowledged(), pidOffset);
    }

    /** One queue: a sandbox is not worth one for each processor, and they cost time and memory. */
    private static NetlinkWriter end(NetlinkWriter out, String name, SandboxLink link, int mtu) {
        return out.attribute(LINK_NAME, name)
                .attribute(LINK_ADDRESS, link.hardwareAddress())
                .attribute(LINK_MTU, mtu)
                .attribute(LINK_TX_QUEUES, 1)
                .attribute(LINK_RX_QUEUES, 1);
    }

    /** What a sandbox with a link does inside, while it may still do such things. */
    public static byte[] inside(SandboxLink link, HostLinks host) {
        NetlinkWriter out = new NetlinkWriter();
        up(out, LOOPBACK_INDEX);
        raise(out, INSIDE_INDEX, host.ipv6(), Map.of(CONF_ACCEPT_REDIRECTS, 0));
        out.begin(NEW_ADDRESS, NetlinkWriter.CREATE | NetlinkWriter.EXCLUSIVE);
        out.u8(INET).u8(32).u8(0).u8(0).u32(INSIDE_INDEX);
        out.attribute(2, link.address());
        neighbour(out, INSIDE_INDEX, GATEWAY, link);
        RouteMessages.defaultVia(out, GATEWAY, INSIDE_INDEX);
        return out.acknowledged();
    }

    /** What a sandbox without one does. */
    public static byte[] loopbackOnly() {
        NetlinkWriter out = new NetlinkWriter();
        up(out, LOOPBACK_INDEX);
        return out.acknowledged();
    }

    public static byte[] forward(int index) {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(NEW_LINK, 0);
        linkHeader(out, index, 0, 0);
        settings(out, false, Map.of(CONF_FORWARDING, 1));
        return out.acknowledged();
    }

    /** From now on it is one of the doomed. */
    public static byte[] doom(int index) {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(NEW_LINK, 0);
        linkHeader(out, index, 0, 0);
        return out.attribute(LINK_GROUP, SandboxLink.DOOMED_GROUP).acknowledged();
    }

    /** All at once: the kernel takes as long for a hundred as for one. */
    public static byte[] deleteDoomed() {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(DELETE_LINK, 0);
        linkHeader(out, 0, 0, 0);
        return out.attribute(LINK_GROUP, SandboxLink.DOOMED_GROUP).acknowledged();
    }

    public static byte[] delete(int index) {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(DELETE_LINK, 0);
        linkHeader(out, index, 0, 0);
        return out.acknowledged();
    }

    public static byte[] list() {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(GET_LINK, NetlinkWriter.DUMP);
        linkHeader(out, 0, 0, 0);
        return out.bytes();
    }

    /** A link of this host. */
    public record Link(int index, String name, int group, int mtu) {}

    public static List<Link> links(List<NetlinkAnswer> answers) {
        return answers.stream()
                .filter(answer -> answer.type() == NEW_LINK)
                .map(answer -> {
                    Map<Integer, byte[]> attributes = answer.attributes(16);
                    return new Link(
                            NetlinkAnswer.number(Arrays.copyOfRange(answer.payload(), 4, 8)),
                            text(attributes.getOrDefault(LINK_NAME, new byte[0])),
                            NetlinkAnswer.number(attributes.getOrDefault(LINK_GROUP, new byte[4])),
                            NetlinkAnswer.number(attributes.getOrDefault(LINK_MTU, new byte[4])));
                })
                .toList();
    }

    static String text(byte[] withNul) {
        return new String(withNul, StandardCharsets.US_ASCII).replace("\0", "");
    }

    private static void linkHeader(NetlinkWriter out, int index, int flags, int change) {
        out.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(change);
    }

    private static void up(NetlinkWriter out, int index) {
        out.begin(NEW_LINK, 0);
        linkHeader(out, index, UP, UP);
    }

    private static void raise(NetlinkWriter out, int index, boolean ipv6, Map<Integer, Integer> conf) {
        // First the settings: a link that is up gets an address of IPv6 at once.
        out.begin(NEW_LINK, 0);
        linkHeader(out, index, 0, 0);
        settings(out, ipv6, conf);
        up(out, index);
    }

    /** @param noIpv6 no address of IPv6, not even the one that every link gets */
    private static void settings(NetlinkWriter out, boolean noIpv6, Map<Integer, Integer> conf) {
        int spec = out.nest(LINK_AF_SPEC);
        int inet = out.nest(INET);
        int values = out.nest(INET_CONF);
        conf.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> out.attribute(entry.getKey(), entry.getValue()));
        out.close(values).close(inet);
        if (noIpv6) {
            int inet6 = out.nest(INET6);
            out.attribute(INET6_ADDRESS_MODE, new byte[] {NO_ADDRESS}).close(inet6);
        }
        out.close(spec);
    }

    private static void neighbour(NetlinkWriter out, int index, Ipv4 address, SandboxLink link) {
        out.begin(NEW_NEIGHBOUR, NetlinkWriter.CREATE | NetlinkWriter.REPLACE);
        out.u8(INET).u8(0).u16(0).u32(index).u16(PERMANENT).u8(0).u8(0);
        out.attribute(1, address).attribute(2, link.hardwareAddress());
    }
}
