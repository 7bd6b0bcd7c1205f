/**
 * Keeps one host equal to what it was told to run. This room only wires the others: configuration, the order of start and
 * end, and the one listener that the agent has, for metrics and health. It decides nothing about sandboxes.
 */
@NullMarked
package dev.landlord.agent;

import org.jspecify.annotations.NullMarked;
