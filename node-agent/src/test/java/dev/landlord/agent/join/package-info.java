/** Tests of joining against a control plane on the loopback. */
@NullMarked
package dev.landlord.agent.join;

import org.jspecify.annotations.NullMarked;
