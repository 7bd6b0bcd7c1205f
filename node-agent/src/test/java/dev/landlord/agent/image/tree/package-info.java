/** Trees with hostile names, links and limits, in temporary directories. */
@NullMarked
package dev.landlord.agent.image.tree;

import org.jspecify.annotations.NullMarked;
