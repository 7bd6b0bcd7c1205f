package dev.landlord.runtime.network;

import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.linux.NetlinkSocket;
import dev.landlord.runtime.linux.NetlinkSocket.Family;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes links and routes of the network namespace of this process. */
final class Routes {
    private Routes() {}

    static void follow(Map<Ipv4Prefix, Ipv4> before, Map<Ipv4Prefix, Ipv4> next) {
        Map<Ipv4Prefix, Ipv4> gone = new HashMap<>(before);
        gone.keySet().removeAll(next.keySet());
        gone.keySet().forEach(Routes::forget);
        next.forEach((prefix, gateway) -> {
            if (!gateway.equals(before.get(prefix))) {
                must("route", prefix + " via " + gateway, LinkMessages.routeTo(prefix, gateway));
            }
        });
    }

    /** Packets to an address that nobody has must not go round in circles between hosts. */
    static void refuseUnowned(Ipv4Prefix subnet) {
        must("route", subnet + " to nowhere", LinkMessages.unreachable(subnet));
    }

    /** Idempotent. */
    static void forget(Ipv4Prefix prefix) {
        unless(Errno.ESRCH, "remove route to", prefix.toString(), LinkMessages.noRouteTo(prefix));
    }

    /** Of sandboxes that ended while nobody looked. */
    static void removeStrayLinks(Ipv4Prefix subnet, Set<Ipv4> owned) {
        for (String name : interfaceNames()) {
            Link.named(name)
                    .filter(link -> subnet.contains(link.address()) && !owned.contains(link.address()))
                    .ifPresent(Routes::removeLink);
        }
    }

    /** Idempotent: a link goes by itself with the network namespace at its other end, sooner or later. */
    static void removeLink(Link link) {
        unless(Errno.ENODEV, "remove link", link.name(), LinkMessages.delete(link));
    }

    private static List<String> interfaceNames() {
        try (NetlinkSocket socket = NetlinkSocket.open(Family.ROUTE)) {
            return LinkMessages.names(socket.dump(LinkMessages.list()));
        } catch (LinuxFault e) {
            throw fault("list", "network interfaces", e);
        }
    }

    private static void must(String operation, String object, Request request) {
        try {
            request.send();
        } catch (LinuxFault e) {
            throw fault(operation, object, e);
        }
    }

    private static void unless(int gone, String operation, String object, Request request) {
        try {
            request.send();
        } catch (LinuxFault e) {
            if (e.errno() != gone) {
                throw fault(operation, object, e);
            }
        }
    }

    static SandboxException fault(String operation, String object, LinuxFault fault) {
        return new SandboxException(Kind.HOST_FAULT, operation, object, fault.errno(), fault.reason(), fault);
    }
}
