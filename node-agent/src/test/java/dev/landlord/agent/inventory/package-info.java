/** Tests of what a host offers. */
@NullMarked
package dev.landlord.agent.inventory;

import org.jspecify.annotations.NullMarked;
