/**
 * Decides what to write for a limit: a {@code Limits} becomes a list of values for the files of control groups, in an
 * order that the kernel takes at every step, each with what must be read afterwards. Holds the conversions between both
 * versions' scales. Pure: the room {@code cgroup} carries it out.
 */
@NullMarked
package dev.landlord.runtime.limit;

import org.jspecify.annotations.NullMarked;
