package dev.landlord.cli.session;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Id;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds things on the server that several commands need. */
public final class Lookup {
    private final Session session;

    public Lookup(Session session) {
        this.session = session;
    }

    /** Of the tenant that is meant; an operator who names none need not know whose it is. */
    public JsonNode allocation(AllocationId id) {
        TenantName tenant = session.tenantOrNull();
        if (tenant != null) {
            ApiPath path = Session.tenantPath(tenant).child("allocations").child(id);
            return Session.withTenant(session.client().get(path), tenant);
        }
        return session.tenantItems("allocations").stream()
                .filter(allocation -> Fields.text(allocation, "id").equals(id.value()))
                .findFirst()
                .orElseThrow(() ->
                        new CommandFailure(ExitCode.NOT_FOUND, "not-found: allocation " + id + " does not exist"));
    }

    /** An allocation that runs, by its own id or as one replica of the workload that is named. */
    public JsonNode running(String name) {
        boolean mayBeWorkload = Id.NAME.matcher(name).matches();
        boolean mayBeAllocation = Id.ALLOCATION.matcher(name).matches();
        if (!mayBeWorkload && !mayBeAllocation) {
            throw CommandFailure.usage(name + ": is neither a workload's name nor an allocation's id");
        }
        TenantName tenant = mayBeAllocation ? session.tenantOrNull() : session.tenant();
        List<JsonNode> replicas =
                mayBeWorkload && tenant != null ? allocationsOf(tenant, new WorkloadName(name)) : List.of();
        if (replicas.isEmpty() && mayBeAllocation) {
            return allocation(new AllocationId(name));
        }
        JsonNode found = replicas.stream()
                .filter(allocation -> Fields.text(allocation, "phase").equals("running"))
                .findFirst()
                .orElseThrow(() ->
                        new CommandFailure(ExitCode.NOT_FOUND, "workload " + name + " has no allocation that runs"));
        if (replicas.size() > 1) {
            session.terminal().say("in allocation " + Fields.text(found, "id") + ", one of " + replicas.size());
        }
        return found;
    }

    public boolean exists(ApiPath path) {
        try {
            session.client().get(path);
            return true;
        } catch (CommandFailure e) {
            if (e.code() == ExitCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    public List<JsonNode> allocationsOf(TenantName tenant, WorkloadName workload) {
        return session.items(Session.tenantPath(tenant).child("allocations")).stream()
                .filter(allocation -> Fields.text(allocation, "workload").equals(workload.value()))
                .map(allocation -> Session.withTenant(allocation, tenant))
                .toList();
    }

    public List<JsonNode> events(
            @Nullable TenantName tenant,
            @Nullable WorkloadName workload,
            @Nullable Long after,
            @Nullable Integer limit) {
        return session.items(eventsPath(tenant, workload, after, limit));
    }

    /** Of a tenant, or of all. */
    public static ApiPath eventsPath(
            @Nullable TenantName tenant,
            @Nullable WorkloadName workload,
            @Nullable Long after,
            @Nullable Integer limit) {
        ApiPath path = tenant == null
                ? ApiPath.of("events")
                : Session.tenantPath(tenant).child("events");
        if (workload != null) {
            path = path.query("workload", workload);
        }
        if (after != null) {
            path = path.query("after", after);
        }
        if (limit != null) {
            path = path.query("limit", limit);
        }
        return path;
    }

    /** The newest of a tenant or of one of its workloads, oldest first. */
    public List<JsonNode> lastEvents(TenantName tenant, @Nullable WorkloadName workload, int count) {
        List<JsonNode> events = events(tenant, workload, null, count);
        return events.subList(Math.max(0, events.size() - count), events.size());
    }
}
