package dev.landlord.controlplane.workload;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.workload.WorkloadSpec;
import dev.landlord.controlplane.audit.Trail;
import dev.landlord.controlplane.label.Selector;
import dev.landlord.controlplane.page.PageRequest;
import dev.landlord.controlplane.revision.EntityTag;
import dev.landlord.controlplane.revision.Precondition;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.watch.Watch;
import dev.landlord.controlplane.web.Items;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What a tenant runs. */
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/workloads")
class WorkloadController {
    private final Database database;
    private final Tenants tenants;
    private final Workloads workloads;
    private final StatusSource statuses;

    WorkloadController(Database database, Tenants tenants, Workloads workloads, StatusSource statuses) {
        this.database = database;
        this.tenants = tenants;
        this.workloads = workloads;
        this.statuses = statuses;
    }

    @GetMapping
    Items<WorkloadView> list(@PathVariable TenantName tenant, PageRequest page, Selector selector) {
        return database.read(reader -> {
            tenants.require(reader, tenant);
            Items<WorkloadRecord> part = page.of(
                    selected(reader, tenant, selector),
                    workload -> workload.name().value());
            return new Items<>(views(reader, tenant, part.items()), part.cursor());
        });
    }

    @GetMapping(params = "watch")
    void watch(@PathVariable TenantName tenant, Selector selector, Watch watch) throws IOException {
        watch.list(
                () -> database.read(reader -> {
                    tenants.require(reader, tenant);
                    return views(reader, tenant, selected(reader, tenant, selector));
                }),
                WorkloadView::name);
    }

    @GetMapping(path = "/{workload}", params = "watch")
    void watchOne(@PathVariable TenantName tenant, @PathVariable WorkloadName workload, Watch watch)
            throws IOException {
        watch.list(
                () -> database.read(reader -> List.of(view(reader, workloads.require(reader, tenant, workload)))),
                WorkloadView::name);
    }

    @GetMapping("/{workload}")
    ResponseEntity<WorkloadView> get(@PathVariable TenantName tenant, @PathVariable WorkloadName workload) {
        return answer(
                HttpStatus.OK, database.read(reader -> view(reader, workloads.require(reader, tenant, workload))));
    }

    @PutMapping(path = "/{workload}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<WorkloadView> put(
            @PathVariable TenantName tenant,
            @PathVariable WorkloadName workload,
            @RequestBody(required = false) byte @Nullable [] body,
            Precondition precondition,
            Trail trail) {
        WorkloadSpec spec = WorkloadForm.read(body);
        Workloads.PutOutcome outcome = database.write(writer -> {
            Told was = told(writer, tenant, workload);
            Workloads.PutOutcome done = workloads.put(writer, tenant, workload, spec, precondition);
            trail.change(was, Told.of(done.record()));
            return done;
        });
        WorkloadView view =
                database.read(reader -> view(reader, outcome.record())).with(outcome.change());
        return answer(outcome.created() ? HttpStatus.CREATED : HttpStatus.OK, view);
    }

    @DeleteMapping("/{workload}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @PathVariable TenantName tenant,
            @PathVariable WorkloadName workload,
            Precondition precondition,
            Trail trail) {
        database.write(writer -> {
            Told was = told(writer, tenant, workload);
            boolean done = workloads.delete(writer, tenant, workload, precondition);
            trail.change(was, told(writer, tenant, workload));
            return done;
        });
    }

    @PostMapping("/{workload}:restart")
    WorkloadView restart(@PathVariable TenantName tenant, @PathVariable WorkloadName workload, Trail trail) {
        WorkloadRecord restarted = database.write(writer -> {
            Told was = told(writer, tenant, workload);
            WorkloadRecord done = workloads.restart(writer, tenant, workload);
            trail.change(was, Told.of(done));
            return done;
        });
        return database.read(reader -> view(reader, restarted));
    }

    /** What the audit log is told of a workload. */
    private record Told(long specVersion, long restartCounter, boolean deleting, WorkloadForm spec) {
        static Told of(WorkloadRecord record) {
            return new Told(
                    record.specVersion(),
                    record.restartCounter(),
                    record.deleting(),
                    WorkloadForm.of(record.spec()).withoutValues());
        }
    }

    private @Nullable Told told(JdbcClient reader, TenantName tenant, WorkloadName workload) {
        return workloads.find(reader, tenant, workload).map(Told::of).orElse(null);
    }

    private List<WorkloadRecord> selected(JdbcClient reader, TenantName tenant, Selector selector) {
        return workloads.of(reader, tenant).stream()
                .filter(workload -> selector.selects(workload.spec().labels()))
                .toList();
    }

    private ResponseEntity<WorkloadView> answer(HttpStatus status, WorkloadView view) {
        return ResponseEntity.status(status)
                .eTag(EntityTag.of(database, view.revision(), view.status()))
                .body(view);
    }

    private WorkloadView view(JdbcClient reader, WorkloadRecord workload) {
        return views(reader, workload.tenant(), List.of(workload)).getFirst();
    }

    private List<WorkloadView> views(JdbcClient reader, TenantName tenant, List<WorkloadRecord> records) {
        List<WorkloadStatus> found = statuses.statuses(reader, tenant, records);
        return IntStream.range(0, records.size())
                .mapToObj(index -> WorkloadView.of(records.get(index), found.get(index)))
                .toList();
    }
}
