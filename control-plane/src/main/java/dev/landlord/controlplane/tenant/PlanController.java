package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.audit.Trail;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.page.PageRequest;
import dev.landlord.controlplane.revision.EntityTag;
import dev.landlord.controlplane.revision.Precondition;
import dev.landlord.controlplane.revision.Revisions;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.Items;
import dev.landlord.controlplane.web.ProblemException;
import java.util.Optional;
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
    Items<PlanView> list(PageRequest page) {
        return page.of(database.read(plans::all), plan -> plan.name().value()).map(PlanView::of);
    }

    @GetMapping("/{plan}")
    ResponseEntity<PlanView> get(@PathVariable PlanName plan) {
        return answer(HttpStatus.OK, database.read(reader -> plans.require(reader, plan)));
    }

    @PutMapping(path = "/{plan}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PlanView> put(
            @PathVariable PlanName plan,
            @RequestBody(required = false) byte @Nullable [] body,
            Precondition precondition,
            Trail trail) {
        PlanSpec wanted = PlanForm.read(body);
        Outcome outcome = database.write(writer -> {
            PlanView was = plans.find(writer, plan).map(PlanView::of).orElse(null);
            Outcome done = put(writer, plan, wanted, precondition);
            trail.change(was, PlanView.of(done.plan()));
            return done;
        });
        return answer(outcome.created() ? HttpStatus.CREATED : HttpStatus.OK, outcome.plan());
    }

    @DeleteMapping("/{plan}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable PlanName plan, Precondition precondition, Trail trail) {
        database.write(writer -> {
            PlanRecord old = plans.require(writer, plan);
            precondition.check("plan " + plan.value(), Optional.of(old.revision()));
            if (!plans.delete(writer, old)) {
                throw new ProblemException(ProblemCode.IN_USE, "plan " + plan.value() + " is the plan of a tenant");
            }
            trail.change(PlanView.of(old), null);
            events.append(writer, EventRecord.ofSystem("plan-deleted", "plan " + plan.value() + " deleted"));
            return true;
        });
    }

    private record Outcome(PlanRecord plan, boolean created) {}

    private Outcome put(JdbcClient writer, PlanName name, PlanSpec spec, Precondition precondition) {
        Optional<PlanRecord> old = plans.find(writer, name);
        precondition.check("plan " + name.value(), old.map(PlanRecord::revision));
        if (old.isPresent() && old.get().spec().equals(spec)) {
            return new Outcome(old.get(), false);
        }
        PlanRecord wanted = new PlanRecord(name, spec, Revisions.next(writer));
        if (!plans.put(writer, wanted, old.map(PlanRecord::revision).orElse(0L))) {
            throw Fit.tooSmall(writer, wanted, null);
        }
        String kind = old.isEmpty() ? "plan-created" : "plan-changed";
        events.append(writer, EventRecord.ofSystem(kind, "plan " + name.value() + ": " + spec));
        return new Outcome(wanted, old.isEmpty());
    }

    private ResponseEntity<PlanView> answer(HttpStatus status, PlanRecord plan) {
        return ResponseEntity.status(status)
                .eTag(EntityTag.of(database, plan.revision()))
                .body(PlanView.of(plan));
    }
}
