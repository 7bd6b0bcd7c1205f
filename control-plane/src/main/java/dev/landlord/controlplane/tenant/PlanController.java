package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.Items;
import dev.landlord.controlplane.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What is for sale. For the operator alone. */
@RestController
@RequestMapping("/api/v1/plans")
class PlanController {
    private final Database database;
    private final Plans plans;
    private final Events events;

    PlanController(Database database, Plans plans, Events events) {
        this.database = database;
        this.plans = plans;
        this.events = events;
    }

    @GetMapping
    Items<PlanView> list() {
        return new Items<>(database.read(plans::all).stream().map(PlanView::of).toList());
    }

    @GetMapping("/{plan}")
    PlanView get(@PathVariable PlanName plan) {
        return PlanView.of(database.read(reader -> plans.require(reader, plan)));
    }

    @PutMapping(path = "/{plan}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PlanView> put(@PathVariable PlanName plan, @RequestBody(required = false) byte @Nullable [] body) {
        PlanRecord wanted = new PlanRecord(plan, PlanForm.read(body));
        boolean created = database.write(writer -> put(writer, wanted));
        return ResponseEntity.status(created ? HttpStatus.CREATED : HttpStatus.OK)
                .body(PlanView.of(wanted));
    }

    @DeleteMapping("/{plan}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable PlanName plan) {
        database.write(writer -> {
            plans.require(writer, plan);
            if (!plans.delete(writer, plan)) {
                throw new ProblemException(ProblemCode.IN_USE, "plan " + plan.value() + " is the plan of a tenant");
            }
            events.append(writer, EventRecord.ofSystem("plan-deleted", "plan " + plan.value() + " deleted"));
            return true;
        });
    }

    private boolean put(JdbcClient writer, PlanRecord wanted) {
        PlanSpec old = plans.find(writer, wanted.name()).map(PlanRecord::spec).orElse(null);
        if (wanted.spec().equals(old)) {
            return false;
        }
        if (!plans.put(writer, wanted.name(), wanted.spec())) {
            throw Fit.tooSmall(writer, wanted, null);
        }
        String kind = old == null ? "plan-created" : "plan-changed";
        events.append(writer, EventRecord.ofSystem(kind, "plan " + wanted.name().value() + ": " + wanted.spec()));
        return old == null;
    }
}
