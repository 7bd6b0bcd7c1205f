/**
 * The committed Grafana dashboard, read for its queries, so that they can be asked of a real Prometheus without a Grafana.
 * Knows how Grafana writes queries and variables; must never ask anything itself.
 */
@NullMarked
package dev.landlord.e2e.dashboard;

import org.jspecify.annotations.NullMarked;
