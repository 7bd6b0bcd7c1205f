/**
 * What nodes tell of limits that somebody changed on them: puts it into the histories of those whom it concerns. Owns no table,
 * and decides nothing: the node has repaired it, or says why not.
 */
@NullMarked
package dev.landlord.controlplane.drift;

import org.jspecify.annotations.NullMarked;
