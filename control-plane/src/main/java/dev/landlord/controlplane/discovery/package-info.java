/**
 * Tells Prometheus where there is something to scrape (HTTP service discovery): the agents and the control plane itself.
 * Always the whole list. It must never hand out a token.
 */
@NullMarked
package dev.landlord.controlplane.discovery;

import org.jspecify.annotations.NullMarked;
