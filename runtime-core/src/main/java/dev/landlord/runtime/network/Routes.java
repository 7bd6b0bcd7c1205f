package dev.landlord.runtime.network;

import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.netlink.RouteMessages;
import dev.landlord.runtime.netlink.RouteMessages.Route;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Our routes to other hosts' sandboxes, and the one that refuses what is for nobody here. Those of links are not ours to keep. */
final class Routes {
    private Routes() {}

    static Set<Route> wanted(Neighbourhood neighbourhood) {
        Set<Route> wanted = new HashSet<>();
        neighbourhood.routes().forEach((subnet, host) -> wanted.add(new Route(subnet, host, 0)));
        if (neighbourhood.subnet() != null) {
            // Without it such packets would leave by the uplink, and other hosts would send them back.
            wanted.add(new Route(neighbourhood.subnet(), null, 0));
        }
        return wanted;
    }

    /** Does as much as can be done; throws the first refusal at the end. */
    static void establish(Kernel kernel, Set<Route> wanted) {
        Set<Route> present = new HashSet<>();
        for (Route route : RouteMessages.routes(kernel.list("routes", RouteMessages.list()))) {
            if (!route.isOfLink()) {
                present.add(new Route(route.destination(), route.via(), 0));
            }
        }
        SandboxException refusal = null;
        for (Route route : present) {
            if (!wanted.contains(route)) {
                byte[] request = RouteMessages.delete(route);
                refusal = first(refusal, attempt(kernel, "remove", route, request, Set.of(Errno.ESRCH)));
            }
        }
        for (Route route : wanted) {
            if (!present.contains(route)) {
                refusal = first(refusal, attempt(kernel, "put", route, RouteMessages.put(route), Set.of()));
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private static @Nullable SandboxException attempt(
            Kernel kernel, String operation, Route route, byte[] request, Set<Integer> tolerated) {
        try {
            kernel.apply(operation, "route to " + route.destination(), request, tolerated);
            return null;
        } catch (SandboxException e) {
            return e;
        }
    }

    private static @Nullable SandboxException first(
            @Nullable SandboxException earlier, @Nullable SandboxException later) {
        return earlier == null ? later : earlier;
    }
}
