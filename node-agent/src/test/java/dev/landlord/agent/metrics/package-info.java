/** Tests of what Prometheus sees, against golden files. */
@NullMarked
package dev.landlord.agent.metrics;

import org.jspecify.annotations.NullMarked;
