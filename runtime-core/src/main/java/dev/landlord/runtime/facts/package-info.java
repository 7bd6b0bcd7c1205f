/**
 * Finds out what this host has and can enforce, and believes only what it tried: each limit is written to a group of its
 * own and read back, and where that is cheap a real process runs against it. Knows nothing of tenants; what only a launch
 * can show (user namespaces, id-mapped mounts, seccomp) it is told by whoever launches. Leaves nothing behind.
 */
@NullMarked
package dev.landlord.runtime.facts;

import org.jspecify.annotations.NullMarked;
