/**
 * Starts the shipped programs as child processes - control plane, agent, Prometheus - and talks to them as an operator or a
 * tenant would: over TLS, with tokens. Owns their processes and ends every one of them. Knows no class of the product; what
 * it needs it reads from files and answers.
 */
@NullMarked
package dev.landlord.e2e.cluster;

import org.jspecify.annotations.NullMarked;
