/** Tests of streams on a simulated host. */
@NullMarked
package dev.landlord.agent.stream;

import org.jspecify.annotations.NullMarked;
