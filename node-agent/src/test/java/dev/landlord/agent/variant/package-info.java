/** Assignments like others, for tests of all rooms. */
@NullMarked
package dev.landlord.agent.variant;

import org.jspecify.annotations.NullMarked;
