/**
 * Reads a tar file that nobody here wrote into a tree. Decides which entries may exist and under which name; every other
 * entry makes the whole archive refused. Owns no file. Never creates a device, never follows a link, never trusts a length.
 */
@NullMarked
package dev.landlord.agent.image.archive;

import org.jspecify.annotations.NullMarked;
