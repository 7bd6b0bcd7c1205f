/**
 * How a host becomes a node: a join token says whom to trust and is exchanged, once, for certificates, which are kept in
 * 0600 files of the state directory. Owns those files. A private key never leaves the host; a control plane whose authority
 * has another digest than the token says is told nothing.
 */
@NullMarked
package dev.landlord.agent.join;

import org.jspecify.annotations.NullMarked;
