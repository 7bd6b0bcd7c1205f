package dev.landlord.controlplane.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;

/** The samples of one name while they are gathered. */
final class Family {
    private final String name;
    private final String help;
    private final String[] labelNames;
    private final List<Sample> samples = new ArrayList<>();

    private record Sample(Labels labels, double value) {}

    Family(String name, String help, String... labelNames) {
        this.name = name;
        this.help = help;
        this.labelNames = labelNames;
    }

    /** Counts beyond 2^53 lose their last digits, as everything does in Prometheus. */
    Family add(long value, Object... labelValues) {
        return add((double) value, labelValues);
    }

    Family add(double value, Object... labelValues) {
        String[] texts = new String[labelValues.length];
        for (int position = 0; position < texts.length; position++) {
            texts[position] = labelValues[position].toString();
        }
        samples.add(new Sample(Labels.of(labelNames, texts), value));
        return this;
    }

    MetricSnapshot gauge() {
        GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(help);
        samples.forEach(sample -> builder.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(sample.labels)
                .value(sample.value)
                .build()));
        return builder.build();
    }

    /** The suffix {@code _total} is added when it is written. */
    MetricSnapshot counter() {
        CounterSnapshot.Builder builder = CounterSnapshot.builder().name(name).help(help);
        samples.forEach(sample -> builder.dataPoint(CounterDataPointSnapshot.builder()
                .labels(sample.labels)
                .value(sample.value)
                .build()));
        return builder.build();
    }
}
