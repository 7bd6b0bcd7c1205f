package dev.landlord.controlplane.audit;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** The entries as lines of JSON: all for the operator, its own for a tenant. */
@RestController
class AuditController {
    private final Database database;
    private final AuditLog log;
    private final JsonMapper mapper;

    AuditController(Database database, AuditLog log, JsonMapper mapper) {
        this.database = database;
        this.log = log;
        this.mapper = mapper;
    }

    @GetMapping(path = "/api/v1/audit", produces = "application/x-ndjson;charset=UTF-8")
    String lines(
            @RequestParam(required = false) @Nullable TenantName tenant,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(required = false) @Nullable Integer limit,
            IdentityToken caller) {
        AuditQuery query = query(tenant, after, limit, caller.identity());
        List<AuditEntry> page = database.read(reader -> log.page(reader, query));
        StringBuilder lines = new StringBuilder();
        page.forEach(entry -> lines.append(mapper.writeValueAsString(entry)).append('\n'));
        return lines.toString();
    }

    private static AuditQuery query(
            @Nullable TenantName tenant, @Nullable Long after, @Nullable Integer limit, Identity caller) {
        if (!(caller instanceof Identity.Tenant own)) {
            return AuditQuery.of(tenant, false, after, limit);
        }
        if (tenant != null && !tenant.equals(own.name())) {
            throw ProblemException.notFound("tenant", tenant.value());
        }
        return AuditQuery.of(own.name(), true, after, limit);
    }
}
