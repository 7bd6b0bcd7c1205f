/**
 * How this host's agent is started under a join token. Decides only with which arguments, and leaves them and the token to the
 * start script, which becomes the agent. It never talks to the control plane itself and never makes a sandbox.
 */
@NullMarked
package dev.landlord.cli.join;

import org.jspecify.annotations.NullMarked;
