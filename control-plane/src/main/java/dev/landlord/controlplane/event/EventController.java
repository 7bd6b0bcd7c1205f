package dev.landlord.controlplane.event;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.controlplane.store.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists of events, for the operator and for each tenant. */
@RestController
class EventController {
    private final Database database;
    private final Events events;

    EventController(Database database, Events events) {
        this.database = database;
        this.events = events;
    }

    @GetMapping("/api/v1/events")
    EventPage all(
            @RequestParam(required = false) @Nullable TenantName tenant,
            @RequestParam(required = false) @Nullable WorkloadName workload,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(required = false) @Nullable Integer limit) {
        return list(EventQuery.of(tenant, workload, after, limit));
    }

    @GetMapping("/api/v1/tenants/{tenant}/events")
    EventPage ofTenant(
            @PathVariable TenantName tenant,
            @RequestParam(required = false) @Nullable WorkloadName workload,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(required = false) @Nullable Integer limit) {
        return list(EventQuery.of(tenant, workload, after, limit));
    }

    private EventPage list(EventQuery query) {
        return database.read(reader -> events.page(reader, query));
    }
}
