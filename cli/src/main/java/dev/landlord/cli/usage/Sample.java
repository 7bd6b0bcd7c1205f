package dev.landlord.cli.usage;

import java.util.Map;

/** One line of a scrape: a metric, its labels, its value. */
record Sample(String metric, Map<String, String> labels, double value) {
    Sample {
        labels = Map.copyOf(labels);
    }

    /** Empty when the metric has no such label. */
    String label(String name) {
        return labels.getOrDefault(name, "");
    }
}
