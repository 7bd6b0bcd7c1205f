/**
 * What Prometheus sees of this host: each sandbox under the names that cAdvisor made known, read at the moment of the
 * scrape, and the agent's own health. Every name is in {@code MetricNames}. Labels are bounded by what is on the host; what
 * has gone is gone from the next scrape.
 */
@NullMarked
package dev.landlord.agent.metrics;

import org.jspecify.annotations.NullMarked;
