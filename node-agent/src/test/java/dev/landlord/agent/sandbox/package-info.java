/** Tests of the mapping to the runtime, and the simulated host that other rooms are tested on, too. */
@NullMarked
package dev.landlord.agent.sandbox;

import org.jspecify.annotations.NullMarked;
