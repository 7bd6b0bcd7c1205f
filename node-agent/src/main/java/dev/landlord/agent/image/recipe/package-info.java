/**
 * How the root file system of each kind of image is made. A recipe says what it would be made from (its fingerprint,
 * cheap) and lays the tree (slow). Owns nothing that outlives a build. Runs tools of this host with a bounded time, a bounded
 * output and a clean environment; never runs anything out of an image on the host's own root.
 */
@NullMarked
package dev.landlord.agent.image.recipe;

import org.jspecify.annotations.NullMarked;
