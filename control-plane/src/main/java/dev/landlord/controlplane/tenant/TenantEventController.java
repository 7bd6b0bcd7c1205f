package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.controlplane.event.EventFeed;
import dev.landlord.controlplane.event.EventPage;
import dev.landlord.controlplane.event.EventQuery;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.watch.Watch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What happened to one tenant, for the tenant too. */
@RestController
class TenantEventController {
    private final Database database;
    private final Tenants tenants;
    private final Events events;

    TenantEventController(Database database, Tenants tenants, Events events) {
        this.database = database;
        this.tenants = tenants;
        this.events = events;
    }

    @GetMapping(path = "/api/v1/tenants/{tenant}/events", params = "watch")
    void watch(
            @PathVariable TenantName tenant,
            @RequestParam(required = false) @Nullable WorkloadName workload,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(required = false) @Nullable Integer limit,
            Watch watch)
            throws IOException {
        EventQuery query = EventQuery.of(tenant, workload, after, limit);
        watch.tell(new EventFeed(database, events, query, watch, reader -> tenants.require(reader, tenant)));
    }

    @GetMapping("/api/v1/tenants/{tenant}/events")
    EventPage list(
            @PathVariable TenantName tenant,
            @RequestParam(required = false) @Nullable WorkloadName workload,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(required = false) @Nullable Integer limit) {
        EventQuery query = EventQuery.of(tenant, workload, after, limit);
        return database.read(reader -> {
            tenants.require(reader, tenant);
            return events.page(reader, query);
        });
    }
}
