package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.web.ProblemException;
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

    /** Creates, then the view has a token; or changes the plan. */
    TenantView put(JdbcClient writer, TenantName name, PlanName plan) {
        PlanRecord bought = plans.find(writer, plan)
                .orElseThrow(() -> ProblemException.invalidField("/plan", "plan " + plan.value() + " does not exist"));
        if (tenants.create(writer, name, plan)) {
            record(writer, "tenant-created", name, "plan " + plan.value());
            String token = credentials.issue(writer, new Identity.Tenant(name));
            return TenantView.of(tenants.require(writer, name), token);
        }
        PlanName old = tenants.require(writer, name).plan();
        if (!old.equals(plan)) {
            if (!tenants.changePlan(writer, name, plan)) {
                throw Fit.tooSmall(writer, bought, name);
            }
            record(writer, "tenant-changed", name, "plan " + plan.value() + " instead of " + old.value());
        }
        return TenantView.of(tenants.require(writer, name));
    }

    TenantView setState(JdbcClient writer, TenantName name, TenantState state) {
        tenants.require(writer, name);
        if (tenants.setState(writer, name, state)) {
            boolean suspended = state == TenantState.SUSPENDED;
            record(
                    writer,
                    suspended ? "tenant-suspended" : "tenant-resumed",
                    name,
                    suspended ? "all its programs are frozen" : "its programs run on");
        }
        return TenantView.of(tenants.require(writer, name));
    }

    TenantView rotateToken(JdbcClient writer, TenantName name) {
        TenantRecord tenant = tenants.require(writer, name);
        Identity identity = new Identity.Tenant(name);
        credentials.revoke(writer, identity);
        String token = credentials.issue(writer, identity);
        record(writer, "tenant-token-rotated", name, "older tokens are void");
        return TenantView.of(tenant, token);
    }

    /** Returns true; throws in-use while the tenant has workloads, also such as are still being stopped. */
    boolean delete(JdbcClient writer, TenantName name) {
        tenants.require(writer, name);
        if (!tenants.delete(writer, name)) {
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
