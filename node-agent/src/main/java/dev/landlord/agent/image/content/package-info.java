/**
 * Questions about a root file system that does not change any more: is a program in it, who is a user of it. Reads only,
 * never leaves the root whatever its symlinks say, and reads every file of it as hostile and bounded.
 */
@NullMarked
package dev.landlord.agent.image.content;

import org.jspecify.annotations.NullMarked;
