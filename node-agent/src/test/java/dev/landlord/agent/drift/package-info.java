/** What is looked at when, what is repaired in which order, and what is told of it. */
@NullMarked
package dev.landlord.agent.drift;

import org.jspecify.annotations.NullMarked;
