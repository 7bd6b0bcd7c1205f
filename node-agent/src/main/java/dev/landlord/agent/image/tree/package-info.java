/**
 * File trees on disk, as data: writes one node by node without ever following a symlink, lists it, takes its digest, makes
 * it durable, removes it. Names are bytes, as in the kernel. Everything is bounded by {@code TreeLimits}. Knows nothing
 * of where a tree comes from or what it is for.
 */
@NullMarked
package dev.landlord.agent.image.tree;

import org.jspecify.annotations.NullMarked;
