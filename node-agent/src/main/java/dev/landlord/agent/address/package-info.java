/** Where the control planes of an installation are reached, and which of them is asked. */
@NullMarked
package dev.landlord.agent.address;

import org.jspecify.annotations.NullMarked;
