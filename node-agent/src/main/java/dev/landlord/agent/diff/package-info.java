/**
 * Decides what an agent does next: desired set, observed host and time in, a list of {@link
 * dev.landlord.agent.diff.AgentAction} out. Also decides whether a new desired set may be accepted at all ({@link
 * dev.landlord.agent.diff.DesiredGate}) and how an ended program is started again.
 *
 * <p>Pure, whole: no clock, no randomness, no file, no runtime. It owns the words that the other rooms share about one
 * allocation's life on this host and must never do anything itself.
 */
@NullMarked
package dev.landlord.agent.diff;

import org.jspecify.annotations.NullMarked;
