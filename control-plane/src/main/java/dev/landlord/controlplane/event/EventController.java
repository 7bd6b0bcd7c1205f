package dev.landlord.controlplane.event;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.watch.Watch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The whole history, for the operator. */
@RestController
class EventController {
    private final Database database;
    private final Events events;

    EventController(Database database, Events events) {
        this.database = database;
        this.events = events;
    }

    @GetMapping(path = "/api/v1/events", params = "watch")
    void watch(
            @RequestParam(required = false) @Nullable TenantName tenant,
            @RequestParam(required = false) @Nullable WorkloadName workload,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(required = false) @Nullable Integer limit,
            Watch watch)
            throws IOException {
        EventQuery query = EventQuery.of(tenant, workload, after, limit);
        watch.tell(new EventFeed(database, events, query, watch, reader -> {}));
    }

    @GetMapping("/api/v1/events")
    EventPage all(
            @RequestParam(required = false) @Nullable TenantName tenant,
            @RequestParam(required = false) @Nullable WorkloadName workload,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(required = false) @Nullable Integer limit) {
        EventQuery query = EventQuery.of(tenant, workload, after, limit);
        return database.read(reader -> events.page(reader, query));
    }
}
