/**
 * Programs that people run in their allocations and sit in front of: asked for over REST, dialled back by the agent, and passed
 * on between two sockets. Owns no table; leaves an event. Reads no frame but the first, and bounds how many there are.
 */
@NullMarked
package dev.landlord.controlplane.exec;

import org.jspecify.annotations.NullMarked;
