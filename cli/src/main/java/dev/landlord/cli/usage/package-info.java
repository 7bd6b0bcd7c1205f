/**
 * {@code landlord top}: what tenants and workloads use right now. Reads the agents' metrics as Prometheus would: the control
 * plane says where they are, the scrape token opens them. Two readings make a rate. Keeps nothing.
 */
@NullMarked
package dev.landlord.cli.usage;

import org.jspecify.annotations.NullMarked;
