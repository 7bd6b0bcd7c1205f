package dev.landlord.agent.metrics;

import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.metrics.MetricNames.Sample;
import dev.landlord.agent.metrics.MetricNames.Series;
import dev.landlord.agent.sandbox.Resident;
import dev.landlord.agent.sandbox.Residents;
import dev.landlord.agent.sandbox.SandboxName;
import dev.landlord.api.id.NodeName;
import dev.landlord.runtime.PressureStall;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.Usage;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads every sandbox once per scrape. Thread-safe. */
public final class ContainerMetrics implements MultiCollector {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerMetrics.class);

    private final Residents residents;
    private final NodeName node;
    private final AgentMeters meters;
    private final InstantSource clock;

    public ContainerMetrics(Residents residents, NodeName node, AgentMeters meters, InstantSource clock) {
        this.residents = residents;
        this.node = node;
        this.meters = meters;
        this.clock = clock;
    }

    private record Row(Labels labels, Sample sample) {
        /** Where a kernel does not count it, a zero would say that nobody ever waited. */
        boolean hasPressure() {
            return !sample.usage().pressure().equals(PressureStall.NONE);
        }
    }

    @Override
    public MetricSnapshots collect() {
        List<Row> live = new ArrayList<>();
        List<Row> absent = new ArrayList<>();
        for (Resident resident : residents.all().values()) {
            Labels labels = labels(resident);
            Optional<Sample> sample = sample(resident);
            sample.ifPresent(now -> live.add(new Row(labels, now)));
            if (sample.isEmpty()) {
                absent.add(new Row(labels, restOf(resident)));
            }
        }
        List<MetricSnapshot> snapshots = new ArrayList<>();
        for (Series series : MetricNames.CONTAINER) {
            List<Row> rows = live;
            if (series.equals(MetricNames.OOM_EVENTS)) {
                rows = new ArrayList<>(live);
                rows.addAll(absent);
            }
            add(series, rows, snapshots);
        }
        List<Row> counted = live.stream().filter(Row::hasPressure).toList();
        MetricNames.PRESSURE.forEach(series -> add(series, counted, snapshots));
        return new MetricSnapshots(snapshots);
    }

    private static void add(Series series, List<Row> rows, List<MetricSnapshot> snapshots) {
        if (!rows.isEmpty()) {
            snapshots.add(snapshot(series, rows));
        }
    }

    private Optional<Sample> sample(Resident resident) {
        ObservedSandbox sandbox = resident.sandbox();
        if (sandbox == null || !sandbox.isLive()) {
            return Optional.empty();
        }
        try {
            return residents
                    .usage(new SandboxName(sandbox.allocation(), sandbox.run()))
                    .map(usage -> sample(resident, sandbox, usage));
        } catch (SandboxException e) {
            // It may be on its way out; one sandbox that cannot be read must not cost the scrape of the others.
            LOG.debug("no usage of {}: {}", sandbox.allocation(), e.getMessage());
            meters.unreadable();
            return Optional.empty();
        }
    }

    private Sample sample(Resident resident, ObservedSandbox sandbox, Usage usage) {
        return new Sample(
                usage,
                resident.record().limits(),
                sandbox.startedAtMillis() / 1e3,
                clock.millis() / 1e3,
                resident.record().oomKills() + usage.oomKills());
    }

    /** Only what is known without a sandbox. */
    private Sample restOf(Resident resident) {
        Usage none = new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, PressureStall.NONE);
        return new Sample(
                none, resident.record().limits(), 0, 0, resident.record().oomKills());
    }

    /** The same for all runs of an allocation, so that its counters go on through restarts. */
    private Labels labels(Resident resident) {
        String tenant = resident.record().tenant().value();
        String allocation = resident.record().allocation().value();
        return Labels.of(MetricNames.CONTAINER_LABELS.toArray(String[]::new), new String[] {
            tenant,
            resident.record().identity().workload().value(),
            allocation,
            node.value(),
            resident.record().identity().image().value(),
            allocation,
            "/" + tenant + "/" + allocation
        });
    }

    private static MetricSnapshot snapshot(Series series, List<Row> rows) {
        return series.type() == MetricNames.Type.COUNTER ? counter(series, rows) : gauge(series, rows);
    }

    private static MetricSnapshot counter(Series series, List<Row> rows) {
        CounterSnapshot.Builder builder =
                CounterSnapshot.builder().name(series.name()).help(series.help());
        rows.forEach(row -> builder.dataPoint(CounterDataPointSnapshot.builder()
                .labels(row.labels())
                .value(series.value().applyAsDouble(row.sample()))
                .build()));
        return builder.build();
    }

    private static MetricSnapshot gauge(Series series, List<Row> rows) {
        GaugeSnapshot.Builder builder =
                GaugeSnapshot.builder().name(series.name()).help(series.help());
        rows.forEach(row -> builder.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(row.labels())
                .value(series.value().applyAsDouble(row.sample()))
                .build()));
        return builder.build();
    }
}
