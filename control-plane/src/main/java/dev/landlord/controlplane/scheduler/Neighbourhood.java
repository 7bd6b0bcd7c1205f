package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Which tenants must not share a node. Symmetric, whoever of the two said so. */
final class Neighbourhood {
    private static final Boundary UNKNOWN = new Boundary("", Set.of());

    private final Map<TenantName, Boundary> boundaries = new HashMap<>();
    private final Map<TenantName, Integer> priorities = new HashMap<>();
    private final boolean trivial;

    /** What a tenant's neighbours must be: of its trust class, and none of these. */
    record Boundary(String trustClass, Set<TenantName> avoided) {
        Boundary {
            avoided = Set.copyOf(avoided);
        }
    }

    /**
     * In which rooms somebody is of a tenant and of a trust class, by number. Most nodes of a full cluster have somebody whom
     * a tenant must not meet, so that a search that asked each room about each such tenant would do little else.
     */
    static final class Presence {
        private final Map<TenantName, BitSet> byTenant = new HashMap<>();
        private final Map<String, BitSet> byTrustClass = new HashMap<>();

        void add(int room, TenantName tenant, String trustClass) {
            byTenant.computeIfAbsent(tenant, name -> new BitSet()).set(room);
            byTrustClass.computeIfAbsent(trustClass, name -> new BitSet()).set(room);
        }

        /** The rooms with somebody whom a tenant with this boundary must not meet; where two classes met, nobody may come. */
        BitSet closedTo(Boundary boundary) {
            BitSet closed = new BitSet();
            boundary.avoided().stream()
                    .map(byTenant::get)
                    .filter(Objects::nonNull)
                    .forEach(closed::or);
            byTrustClass.forEach((trustClass, rooms) -> {
                if (!trustClass.equals(boundary.trustClass())) {
                    closed.or(rooms);
                }
            });
            return closed;
        }
    }

    Neighbourhood(List<TenantView> tenants) {
        Map<TenantName, Set<TenantName>> avoided = new HashMap<>();
        Set<String> classes = new HashSet<>();
        for (TenantView tenant : tenants) {
            classes.add(tenant.trustClass());
            priorities.put(tenant.name(), tenant.priority());
            for (TenantName other : tenant.avoids()) {
                avoided.computeIfAbsent(tenant.name(), name -> new HashSet<>()).add(other);
                avoided.computeIfAbsent(other, name -> new HashSet<>()).add(tenant.name());
            }
        }
        for (TenantView tenant : tenants) {
            boundaries.put(
                    tenant.name(), new Boundary(tenant.trustClass(), avoided.getOrDefault(tenant.name(), Set.of())));
        }
        trivial = avoided.isEmpty() && classes.size() <= 1;
    }

    /** Everybody may be with everybody. */
    boolean isTrivial() {
        return trivial;
    }

    Boundary of(TenantName tenant) {
        return boundaries.getOrDefault(tenant, UNKNOWN);
    }

    /** Of tenants that share a node, those that have to go because of another: the one of lower priority of each pair. */
    Set<TenantName> yielding(Set<TenantName> present) {
        boolean oneClass =
                present.stream().map(tenant -> of(tenant).trustClass).distinct().count() <= 1;
        return present.stream()
                .filter(tenant -> {
                    Set<TenantName> foes = oneClass ? of(tenant).avoided : present;
                    return foes.stream().anyMatch(foe -> present.contains(foe) && mustYield(tenant, foe));
                })
                .collect(Collectors.toSet());
    }

    private boolean areApart(TenantName one, TenantName other) {
        Boundary boundary = of(one);
        return !one.equals(other)
                && (boundary.avoided.contains(other) || !boundary.trustClass.equals(of(other).trustClass));
    }

    private boolean mustYield(TenantName one, TenantName other) {
        if (!areApart(one, other)) {
            return false;
        }
        int difference = priorities.getOrDefault(one, 0) - priorities.getOrDefault(other, 0);
        return difference < 0 || (difference == 0 && one.value().compareTo(other.value()) > 0);
    }
}
