/** Copies of the store while it is in use, and a new life from one of them. Knows the file of SQLite only. */
@NullMarked
package dev.landlord.controlplane.backup;

import org.jspecify.annotations.NullMarked;
