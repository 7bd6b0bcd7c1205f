/** How a host becomes a node, and stays one: keys stay with the node, certificates come from the control plane. */
@NullMarked
package dev.landlord.api.join;

import org.jspecify.annotations.NullMarked;
