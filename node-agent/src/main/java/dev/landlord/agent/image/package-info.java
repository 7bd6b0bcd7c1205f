/**
 * The operator's catalogue of images on this host. Decides which root file system a name stands for, builds or imports it
 * once, keeps it under the digest of its content, and says what is inside. Owns the images directory. Never runs anything
 * of a tenant, never takes a path from one, and never changes an image that was published: sandboxes share it.
 */
@NullMarked
package dev.landlord.agent.image;

import org.jspecify.annotations.NullMarked;
