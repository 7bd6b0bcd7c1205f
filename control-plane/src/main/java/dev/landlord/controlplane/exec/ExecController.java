package dev.landlord.controlplane.exec;

import dev.landlord.api.exec.AttachSpec;
import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.workload.Console;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.allocation.Allocations;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.store.Database;
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

/** Programs of allocations that somebody sits down in front of: a further one, or their own. Blocks a virtual thread until it runs. */
@RestController
class ExecController {
    private static final int SHOWN_MAX = 200;

    private final Database database;
    private final Tenants tenants;
    private final Allocations allocations;
    private final Openings openings;

    ExecController(Database database, Tenants tenants, Allocations allocations, Openings openings) {
        this.database = database;
        this.tenants = tenants;
        this.allocations = allocations;
        this.openings = openings;
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
        return new ExecBody(openings.open(found, event(found, caller, spec), spec, null));
    }

    /**
     * @param id as of {@link ExecBody}
     * @param terminal whether the program has one
     */
    record AttachBody(String id, boolean terminal) {}

    @PostMapping(
            path = "/api/v1/tenants/{tenant}/allocations/{allocation}:attach",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    AttachBody attach(
            @PathVariable TenantName tenant,
            @PathVariable AllocationId allocation,
            @RequestBody(required = false) byte @Nullable [] body,
            IdentityToken caller)
            throws InterruptedException {
        AttachSpec spec = AttachForm.read(body);
        Allocation found = database.read(reader -> find(reader, tenant, allocation));
        Console console = found.template().process().console();
        if (console == null) {
            throw new ProblemException(
                    ProblemCode.EXEC_REFUSED,
                    "the program of allocation " + allocation + " reads nothing; its workload needs stdin: true");
        }
        EventRecord event = event("attach", found, caller.getName() + " sits in front of allocation " + allocation);
        return new AttachBody(openings.open(found, event, null, spec), console == Console.TERMINAL);
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

    private static EventRecord event(String type, Allocation allocation, String message) {
        return new EventRecord(
                type,
                allocation.workload().tenant(),
                allocation.workload().name(),
                allocation.id(),
                allocation.node(),
                message);
    }

    private static EventRecord event(Allocation allocation, IdentityToken caller, ExecSpec spec) {
        String command = String.join(" ", spec.command()).replaceAll("\\p{Cntrl}", " ");
        String shown = command.length() <= SHOWN_MAX ? command : command.substring(0, SHOWN_MAX) + "...";
        return event(
                "exec",
                allocation,
                caller.getName() + " runs " + (spec.terminal() == null ? "" : "on a terminal ") + "in allocation "
                        + allocation.id() + ": " + shown);
    }
}
