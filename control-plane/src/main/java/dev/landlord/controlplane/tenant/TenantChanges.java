package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.revision.Precondition;
import dev.landlord.controlplane.web.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Each change of a tenant with all that belongs to it: rows, tokens, events. Works within the caller's write. */
final class TenantChanges {
    private final Plans plans;
    private final Tenants tenants;
    private final Credentials credentials;
    private final Events events;

    TenantChanges(Plans plans, Tenants tenants, Credentials credentials, Events events) {
        this.plans = plans;
        this.tenants = tenants;
        this.credentials = credentials;
        this.events = events;
    }

    /** Creates, then the view has a token; or changes the plan and whom it avoids. */
    TenantView put(JdbcClient writer, TenantName name, TenantForm.Wish wish, Precondition precondition) {
        PlanName plan = wish.plan();
        PlanRecord bought = plans.find(writer, plan)
                .orElseThrow(() -> ProblemException.invalidField("/plan", "plan " + plan.value() + " does not exist"));
        Optional<TenantRecord> old = tenants.find(writer, name);
        precondition.check("tenant " + name.value(), old.map(TenantRecord::revision));
        requireOthers(writer, name, wish.avoids());
        if (old.isEmpty() && tenants.create(writer, name, plan)) {
            record(writer, "tenant-created", name, "plan " + plan.value());
            avoid(writer, name, wish.avoids());
            String token = credentials.issue(writer, new Identity.Tenant(name));
            return view(writer, name).withToken(token);
        }
        TenantRecord was = tenants.require(writer, name);
        if (!was.plan().equals(plan)) {
            if (!tenants.changePlan(writer, was, plan)) {
                throw Fit.tooSmall(writer, bought, name);
            }
            record(
                    writer,
                    "tenant-changed",
                    name,
                    "plan " + plan.value() + " instead of " + was.plan().value());
        }
        avoid(writer, name, wish.avoids());
        return view(writer, name);
    }

    private void requireOthers(JdbcClient reader, TenantName name, List<TenantName> avoided) {
        for (int position = 0; position < avoided.size(); position++) {
            TenantName other = avoided.get(position);
            if (other.equals(name)) {
                throw ProblemException.invalidField("/avoids/" + position, "a tenant cannot avoid itself");
            }
            if (tenants.find(reader, other).isEmpty()) {
                throw ProblemException.invalidField(
                        "/avoids/" + position, "tenant " + other.value() + " does not exist");
            }
        }
    }

    /** Not an event of the tenant's own: it must not learn of others. */
    private void avoid(JdbcClient writer, TenantName name, List<TenantName> avoided) {
        if (Set.copyOf(avoided).equals(Set.copyOf(tenants.avoidedBy(writer, name)))) {
            return;
        }
        tenants.avoid(writer, name, avoided);
        String whom = avoided.stream().map(TenantName::value).sorted().collect(Collectors.joining(", "));
        events.append(
                writer,
                EventRecord.ofSystem(
                        "tenant-avoids-changed",
                        "tenant " + name.value() + " avoids " + (whom.isEmpty() ? "nobody" : whom)));
    }

    /** As the operator sees it. */
    TenantView view(JdbcClient reader, TenantName name) {
        return TenantView.of(tenants.require(reader, name)).withAvoids(tenants.avoidedBy(reader, name));
    }

    /** The same, if the tenant is there. */
    Optional<TenantView> find(JdbcClient reader, TenantName name) {
        return tenants.find(reader, name)
                .map(tenant -> TenantView.of(tenant).withAvoids(tenants.avoidedBy(reader, name)));
    }

    /** As the operator sees them. */
    List<TenantView> views(JdbcClient reader) {
        Map<TenantName, Set<TenantName>> avoids = tenants.avoids(reader);
        return tenants.all(reader).stream()
                .map(tenant -> TenantView.of(tenant).withAvoids(avoids.getOrDefault(tenant.name(), Set.of())))
                .toList();
    }

    TenantView setState(JdbcClient writer, TenantName name, TenantState state) {
        TenantRecord old = tenants.require(writer, name);
        if (old.state() != state && tenants.setState(writer, name, state)) {
            boolean suspended = state == TenantState.SUSPENDED;
            record(
                    writer,
                    suspended ? "tenant-suspended" : "tenant-resumed",
                    name,
                    suspended ? "all its programs are frozen" : "its programs run on");
        }
        return view(writer, name);
    }

    TenantView rotateToken(JdbcClient writer, TenantName name) {
        tenants.require(writer, name);
        Identity identity = new Identity.Tenant(name);
        credentials.revoke(writer, identity);
        String token = credentials.issue(writer, identity);
        record(writer, "tenant-token-rotated", name, "older tokens are void");
        return view(writer, name).withToken(token);
    }

    /** Returns true; throws in-use while the tenant has workloads, also such as are still being stopped. */
    boolean delete(JdbcClient writer, TenantName name, Precondition precondition) {
        TenantRecord old = tenants.require(writer, name);
        precondition.check("tenant " + name.value(), Optional.of(old.revision()));
        if (!tenants.delete(writer, old)) {
            throw new ProblemException(
                    ProblemCode.IN_USE, "tenant " + name.value() + " has workloads; delete them first");
        }
        credentials.revoke(writer, new Identity.Tenant(name));
        events.forget(writer, name.value());
        events.append(writer, EventRecord.ofSystem("tenant-deleted", "tenant " + name.value() + " deleted"));
        return true;
    }

    private void record(JdbcClient writer, String kind, TenantName name, String message) {
        events.append(writer, EventRecord.ofTenant(kind, name, message));
    }
}
