/**
 * What agents and the control plane say to each other: joining, reports up, desired sets down, and streams that agents dial
 * back. Owns no table. A waiting request holds a virtual thread and nothing else, no database connection above all; what it
 * waits for is in memory. It decides nothing about allocations. Every queue, time and size is bounded.
 */
@NullMarked
package dev.landlord.controlplane.sync;

import org.jspecify.annotations.NullMarked;
