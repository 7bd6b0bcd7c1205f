/**
 * Finds limits on this host that are not what they should be any more, because somebody else wrote to the control groups,
 * and writes them anew. Which group is looked at when, and what is told of it, is decided by pure functions; each pass looks
 * at a bounded number of groups. It changes nothing but such limits, and remembers nothing on disk.
 */
@NullMarked
package dev.landlord.agent.drift;

import org.jspecify.annotations.NullMarked;
