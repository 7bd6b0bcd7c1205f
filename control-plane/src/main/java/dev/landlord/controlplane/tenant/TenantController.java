package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.controlplane.audit.Trail;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.page.PageRequest;
import dev.landlord.controlplane.revision.EntityTag;
import dev.landlord.controlplane.revision.Precondition;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.watch.Watch;
import dev.landlord.controlplane.web.Items;
import java.io.IOException;
import java.util.function.Function;
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

/** The customers. A tenant may look at itself; all else is for the operator. */
@RestController
@RequestMapping("/api/v1/tenants")
class TenantController {
    private final Database database;
    private final Tenants tenants;
    private final TenantChanges changes;

    TenantController(Database database, Tenants tenants, TenantChanges changes) {
        this.database = database;
        this.tenants = tenants;
        this.changes = changes;
    }

    @GetMapping
    Items<TenantView> list(PageRequest page) {
        return page.of(database.read(changes::views), TenantView::name);
    }

    @GetMapping(params = "watch")
    void watch(Watch watch) throws IOException {
        watch.list(() -> database.read(changes::views), TenantView::name);
    }

    @GetMapping("/{tenant}")
    ResponseEntity<TenantView> get(@PathVariable TenantName tenant, IdentityToken caller) {
        return answer(
                HttpStatus.OK,
                database.read(reader -> caller.identity() instanceof Identity.Operator
                        ? changes.view(reader, tenant)
                        : TenantView.of(tenants.require(reader, tenant))));
    }

    @PutMapping(path = "/{tenant}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<TenantView> put(
            @PathVariable TenantName tenant,
            @RequestBody(required = false) byte @Nullable [] body,
            Precondition precondition,
            Trail trail) {
        TenantForm.Wish wish = TenantForm.read(body);
        TenantView view = change(tenant, trail, writer -> changes.put(writer, tenant, wish, precondition));
        return answer(view.token() == null ? HttpStatus.OK : HttpStatus.CREATED, view);
    }

    @PostMapping("/{tenant}:suspend")
    TenantView suspend(@PathVariable TenantName tenant, Trail trail) {
        return change(tenant, trail, writer -> changes.setState(writer, tenant, TenantState.SUSPENDED));
    }

    @PostMapping("/{tenant}:resume")
    TenantView resume(@PathVariable TenantName tenant, Trail trail) {
        return change(tenant, trail, writer -> changes.setState(writer, tenant, TenantState.ACTIVE));
    }

    @PostMapping("/{tenant}:rotate-token")
    TenantView rotateToken(@PathVariable TenantName tenant, Trail trail) {
        return change(tenant, trail, writer -> changes.rotateToken(writer, tenant));
    }

    @DeleteMapping("/{tenant}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable TenantName tenant, Precondition precondition, Trail trail) {
        database.write(writer -> {
            trail.change(changes.find(writer, tenant).orElse(null), null);
            return changes.delete(writer, tenant, precondition);
        });
    }

    private TenantView change(TenantName tenant, Trail trail, Function<JdbcClient, TenantView> work) {
        return database.write(writer -> {
            TenantView was = changes.find(writer, tenant).orElse(null);
            TenantView is = work.apply(writer);
            trail.change(was, is.withToken(null));
            return is;
        });
    }

    private ResponseEntity<TenantView> answer(HttpStatus status, TenantView view) {
        return ResponseEntity.status(status)
                .eTag(EntityTag.of(database, view.revision()))
                .body(view);
    }
}
