/**
 * Runs the agent of this host in the foreground under a join token. Decides only with which arguments; owns the token's
 * file while the agent may need it. It never talks to the control plane itself and never makes a sandbox.
 */
@NullMarked
package dev.landlord.cli.join;

import org.jspecify.annotations.NullMarked;
