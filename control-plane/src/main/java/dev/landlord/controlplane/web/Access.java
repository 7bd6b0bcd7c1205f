package dev.landlord.controlplane.web;

import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.tls.Listener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may reach which path. Pure, and closed: what no rule names is refused. */
final class Access {
    enum Decision {
        ALLOWED,
        /** Somebody known might. */
        UNAUTHENTICATED,
        /** The caller may not, and may know that it exists. */
        FORBIDDEN,
        /** Another's: the caller must not learn whether it exists. */
        HIDDEN
    }

    private Access() {}

    /**
     * Decides.
     *
     * @param path decoded segments, for example {@code [api, v1, tenants, alice]}
     * @param caller null if the request bears no token, or at the node API no good certificate
     */
    static Decision decide(Listener listener, String method, List<String> path, @Nullable Identity caller) {
        if (isOpen(listener, method, path)) {
            return Decision.ALLOWED;
        }
        if (caller == null) {
            return Decision.UNAUTHENTICATED;
        }
        return switch (listener) {
            case PUBLIC -> onPublic(method, path, caller);
            case NODE -> onNode(path, caller);
            case MANAGEMENT -> onManagement(method, caller);
        };
    }

    private static boolean isOpen(Listener listener, String method, List<String> path) {
        return switch (listener) {
            case PUBLIC -> false;
            case NODE ->
                (isRead(method) && path.equals(List.of("node", "v1", "ca")))
                        || (method.equals("POST") && path.equals(List.of("node", "v1", "join")));
            case MANAGEMENT -> isRead(method) && startsWith(path, "actuator", "health");
        };
    }

    private static Decision onPublic(String method, List<String> path, Identity caller) {
        return switch (caller) {
            case Identity.Operator unused -> Decision.ALLOWED;
            case Identity.Tenant tenant -> ofTenant(method, path, tenant.subject());
            case Identity.Scraper unused ->
                allowedIf(isRead(method) && path.equals(List.of("api", "v1", "prometheus", "targets")));
            case Identity.Joiner unused -> allowedIf(method.equals("POST") && isJoinToken(path));
            case Identity.Node unused -> Decision.FORBIDDEN;
        };
    }

    private static boolean isJoinToken(List<String> path) {
        return startsWith(path, "api", "v1", "nodes")
                && path.size() == 4
                && path.get(3).endsWith(":join-token");
    }

    private static Decision ofTenant(String method, List<String> path, String own) {
        if (startsWith(path, "api", "v1", "tenants") && path.size() > 3) {
            String named = path.get(3);
            if (named.equals(own)) {
                // Below its own name a tenant may do all; itself it may only look at.
                return allowedIf(path.size() > 4 || isRead(method));
            }
            return named.startsWith(own + ":") ? Decision.FORBIDDEN : Decision.HIDDEN;
        }
        boolean about = path.equals(List.of("api", "v1", "whoami")) || path.equals(List.of("api", "v1", "version"));
        boolean audit = path.equals(List.of("api", "v1", "audit"));
        return allowedIf((about || audit) && isRead(method));
    }

    private static Decision onNode(List<String> path, Identity caller) {
        if (!(caller instanceof Identity.Node own)) {
            return Decision.FORBIDDEN;
        }
        if (startsWith(path, "node", "v1", "nodes") && path.size() > 3) {
            return allowedIf(path.get(3).equals(own.subject()));
        }
        return allowedIf(startsWith(path, "node", "v1", "streams") || startsWith(path, "node", "v1", "execs"));
    }

    private static Decision onManagement(String method, Identity caller) {
        return switch (caller) {
            case Identity.Operator unused -> allowedIf(isRead(method));
            case Identity.Scraper unused -> allowedIf(isRead(method));
            case Identity.Tenant unused -> Decision.FORBIDDEN;
            case Identity.Node unused -> Decision.FORBIDDEN;
            case Identity.Joiner unused -> Decision.FORBIDDEN;
        };
    }

    /** Whether it is more than looking; also the sockets to running programs, which begin like a read. */
    static boolean mayChangeSomething(String method, List<String> path) {
        boolean socket = startsWith(path, "api", "v1", "tenants")
                && path.size() > 4
                && path.get(4).equals("execs");
        boolean preview = method.equals("POST") && path.getLast().endsWith(":preview");
        return !(isRead(method) || preview) || socket;
    }

    private static Decision allowedIf(boolean allowed) {
        return allowed ? Decision.ALLOWED : Decision.FORBIDDEN;
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private static boolean startsWith(List<String> path, String... prefix) {
        return path.size() >= prefix.length && path.subList(0, prefix.length).equals(List.of(prefix));
    }
}
