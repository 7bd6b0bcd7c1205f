package dev.landlord.agent.reconcile;

import dev.landlord.agent.diff.AgentAction;
import dev.landlord.agent.diff.Observation;
import dev.landlord.agent.drift.Drift;
import dev.landlord.agent.drift.DriftCheck;
import dev.landlord.agent.drift.DriftNews;
import dev.landlord.agent.drift.Watched;
import dev.landlord.agent.metrics.AgentMeters;
import dev.landlord.agent.reconcile.Outcome.Repaired;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.LimitDrift;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop's care for limits that were written long ago. For the loop's thread. */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final DriftCheck check;
    private final Lanes lanes;
    private final AgentMeters meters;
    private final DriftNews news = new DriftNews();

    Upkeep(DriftCheck check, Lanes lanes, AgentMeters meters) {
        this.check = check;
        this.lanes = lanes;
        this.meters = meters;
    }

    void absorb(List<Outcome> outcomes, long now) {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Repaired repaired) {
                repaired.drifts().forEach(drift -> tell(drift, now));
            }
        }
    }

    private void tell(Drift drift, long now) {
        LOG.warn(
                "tenant {} allocation {}: {} was changed from outside: {} had \"{}\" in place of \"{}\"; {}",
                drift.group().tenant(),
                drift.group().allocation() == null ? "all" : drift.group().allocation(),
                drift.reading().limit(),
                drift.reading().file(),
                drift.reading().found(),
                drift.reading().wanted(),
                drift.failure() == null ? "written again" : "not repaired: " + drift.failure());
        meters.drifted(drift.reading().limit(), drift.failure() == null);
        news.add(drift, now);
    }

    /** Looks at some groups that no action of this pass is about, and hands what was changed to the lanes. */
    void pass(Observation observed, List<AgentAction> planned, long now) {
        DriftCheck.Seen seen = check.look(Watched.of(observed, planned), now);
        meters.limitsChecked(seen.looked());
        Map<TenantName, List<Drift>> byTenant = seen.drifts().stream()
                .collect(Collectors.groupingBy(
                        drift -> drift.group().tenant(), LinkedHashMap::new, Collectors.toList()));
        byTenant.forEach((tenant, drifts) -> lanes.repair(tenant, () -> check.repair(drifts)));
    }

    List<LimitDrift> news() {
        return news.recent();
    }
}
