/** Tests of the talk with a control plane, over real TLS where the wire matters, and a control plane in memory. */
@NullMarked
package dev.landlord.agent.sync;

import org.jspecify.annotations.NullMarked;
