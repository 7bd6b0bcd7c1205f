package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.controlplane.revision.Revisions;
import dev.landlord.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of tenants. Every method works within the caller's read or write. A tenant that still has workloads, also such
 * as are being deleted, cannot be deleted; so there is no tenant that is half gone.
 */
public final class Tenants {
    private final InstantSource clock;

    public Tenants(InstantSource clock) {
        this.clock = clock;
    }

    public List<TenantRecord> all(JdbcClient reader) {
        return reader.sql("SELECT name, plan, state, revision FROM tenant ORDER BY name")
                .query((row, number) -> read(row))
                .list();
    }

    public Optional<TenantRecord> find(JdbcClient reader, TenantName name) {
        return reader.sql("SELECT name, plan, state, revision FROM tenant WHERE name = ?")
                .param(name.value())
                .query((row, number) -> read(row))
                .optional();
    }

    /** Whom each tenant avoids; those who avoid nobody are left out. */
    public Map<TenantName, Set<TenantName>> avoids(JdbcClient reader) {
        Map<TenantName, Set<TenantName>> avoids = new HashMap<>();
        reader.sql("SELECT tenant, avoided FROM tenant_avoids").query((RowCallbackHandler)
                row -> avoids.computeIfAbsent(new TenantName(row.getString(1)), name -> new HashSet<>())
                        .add(new TenantName(row.getString(2))));
        return avoids;
    }

    /** Whom one tenant avoids, by name. */
    List<TenantName> avoidedBy(JdbcClient reader, TenantName tenant) {
        return reader.sql("SELECT avoided FROM tenant_avoids WHERE tenant = ? ORDER BY avoided")
                .param(tenant.value())
                .query((row, number) -> new TenantName(row.getString(1)))
                .list();
    }

    /** From now on the tenant avoids these, all of which are there, and no others. */
    void avoid(JdbcClient writer, TenantName tenant, List<TenantName> avoided) {
        writer.sql("DELETE FROM tenant_avoids WHERE tenant = ?")
                .param(tenant.value())
                .update();
        avoided.forEach(other -> writer.sql("INSERT INTO tenant_avoids (tenant, avoided) VALUES (?, ?)")
                .params(tenant.value(), other.value())
                .update());
        writer.sql("UPDATE tenant SET revision = ? WHERE name = ?")
                .params(Revisions.next(writer), tenant.value())
                .update();
    }

    /** Throws not-found if the tenant is not there. */
    public TenantRecord require(JdbcClient reader, TenantName name) {
        return find(reader, name).orElseThrow(() -> ProblemException.notFound("tenant", name.value()));
    }

    /** Returns false if there is one of this name already. */
    boolean create(JdbcClient writer, TenantName name, PlanName plan) {
        return writer.sql("INSERT INTO tenant (name, plan, state, created_at, revision) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (name) DO NOTHING")
                        .params(
                                name.value(),
                                plan.value(),
                                TenantState.ACTIVE.name(),
                                clock.millis(),
                                Revisions.next(writer))
                        .update()
                == 1;
    }

    /** Returns false if what the tenant uses does not fit the plan, or it is at another revision; then nothing changed. */
    boolean changePlan(JdbcClient writer, TenantRecord tenant, PlanName plan) {
        return writer.sql("UPDATE tenant AS t SET plan = :plan, revision = :next"
                                + " WHERE t.name = :name AND t.revision = :revision AND NOT EXISTS"
                                + " (SELECT 1 FROM plan p WHERE p.name = :plan AND " + Fit.TENANT_EXCEEDS_PLAN + ")")
                        .param("name", tenant.name().value())
                        .param("revision", tenant.revision())
                        .param("next", Revisions.next(writer))
                        .param("plan", plan.value())
                        .update()
                == 1;
    }

    /** Returns false if the tenant is not there or in that state already. */
    boolean setState(JdbcClient writer, TenantName name, TenantState state) {
        return writer.sql("UPDATE tenant SET state = ?, revision = ? WHERE name = ? AND state <> ?")
                        .params(state.name(), Revisions.next(writer), name.value(), state.name())
                        .update()
                == 1;
    }

    /** Returns false if the tenant is not there, at another revision, or has workloads. */
    boolean delete(JdbcClient writer, TenantRecord tenant) {
        // Those who avoid it do not any more.
        writer.sql("UPDATE tenant SET revision = ? WHERE name IN (SELECT tenant FROM tenant_avoids WHERE avoided = ?)")
                .params(Revisions.next(writer), tenant.name().value())
                .update();
        return writer.sql("DELETE FROM tenant WHERE name = ? AND revision = ? AND used_workloads = 0")
                        .params(tenant.name().value(), tenant.revision())
                        .update()
                == 1;
    }

    private static TenantRecord read(ResultSet row) throws SQLException {
        return new TenantRecord(
                new TenantName(row.getString(1)),
                new PlanName(row.getString(2)),
                TenantState.valueOf(row.getString(3)),
                row.getLong(4));
    }
}
