package dev.landlord.controlplane.exec;

import dev.landlord.api.exec.ExecFrame;
import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.ExecRequest;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.allocation.Allocations;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.sync.DialCalls;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Starts a program beside that of an allocation. Blocks a virtual thread until the program runs. */
@RestController
class ExecController {
    private static final long DIAL_MILLIS = 5000;
    private static final long START_MILLIS = 25_000;
    private static final int SHOWN_MAX = 200;

    private final Database database;
    private final Tenants tenants;
    private final Allocations allocations;
    private final Events events;
    private final DialCalls dialCalls;
    private final ExecSessions sessions;

    ExecController(
            Database database,
            Tenants tenants,
            Allocations allocations,
            Events events,
            DialCalls dialCalls,
            ExecSessions sessions) {
        this.database = database;
        this.tenants = tenants;
        this.allocations = allocations;
        this.events = events;
        this.dialCalls = dialCalls;
        this.sessions = sessions;
    }

    /** @param id good for one WebSocket at {@code /api/v1/tenants/{tenant}/execs/{id}}, to be opened within 10 seconds */
    record ExecBody(String id) {}

    @PostMapping(
            path = "/api/v1/tenants/{tenant}/allocations/{allocation}:exec",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    ExecBody exec(
            @PathVariable TenantName tenant,
            @PathVariable AllocationId allocation,
            @RequestBody(required = false) byte @Nullable [] body,
            IdentityToken caller)
            throws InterruptedException {
        ExecSpec spec = ExecForm.read(body);
        Allocation found = database.read(reader -> find(reader, tenant, allocation));
        ExecSession session = sessions.create(found.node(), tenant);
        boolean started = false;
        try {
            // Before anything happens, so that nothing ever happens without it.
            database.write(writer -> {
                events.append(writer, event(found, caller, spec));
                return true;
            });
            start(session, new ExecRequest(session.id(), allocation, spec, dialCalls.address()));
            started = true;
            return new ExecBody(session.id());
        } finally {
            if (!started) {
                session.end("it was not started");
            }
        }
    }

    private Allocation find(JdbcClient reader, TenantName tenant, AllocationId allocation) {
        Allocation found = allocations
                .find(reader, tenant, allocation)
                .orElseThrow(() -> ProblemException.notFound("allocation", allocation.value()));
        if (tenants.require(reader, tenant).state() == TenantState.SUSPENDED) {
            throw new ProblemException(
                    ProblemCode.TENANT_SUSPENDED, "tenant " + tenant + " is suspended; nothing can be run");
        }
        return found;
    }

    private static EventRecord event(Allocation allocation, IdentityToken caller, ExecSpec spec) {
        String command = String.join(" ", spec.command()).replaceAll("\\p{Cntrl}", " ");
        String shown = command.length() <= SHOWN_MAX ? command : command.substring(0, SHOWN_MAX) + "...";
        return new EventRecord(
                "exec",
                allocation.workload().tenant(),
                allocation.workload().name(),
                allocation.id(),
                allocation.node(),
                caller.getName() + " runs " + (spec.terminal() == null ? "" : "on a terminal ") + "in allocation "
                        + allocation.id() + ": " + shown);
    }

    private void start(ExecSession session, ExecRequest request) throws InterruptedException {
        ExecFrame first = dial(session, request);
        if (first instanceof ExecFrame.Failed failed) {
            throw new ProblemException(ProblemCode.EXEC_REFUSED, failed.reason());
        }
    }

    private ExecFrame dial(ExecSession session, ExecRequest request) throws InterruptedException {
        boolean asked = dialCalls.ask(session.node(), request);
        try {
            if (!asked || !session.awaitDialled(DIAL_MILLIS)) {
                throw new ProblemException(
                        ProblemCode.UNAVAILABLE,
                        "node " + session.node() + " did not answer within " + DIAL_MILLIS + " ms");
            }
        } finally {
            dialCalls.withdraw(session.node(), request);
        }
        return session.awaitFirst(START_MILLIS)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.UNAVAILABLE,
                        "node " + session.node() + " did not start it within " + START_MILLIS + " ms"));
    }
}
