/**
 * Keeps state: one database, one writer, few readers, one revision that grows with every commit that changed something.
 *
 * <p>Owns the connections, the threads that may touch them, migrations and the lock that keeps a second replica out. It
 * knows no business rule, and nothing of SQLite is visible outside.
 */
@NullMarked
package dev.landlord.controlplane.store;

import org.jspecify.annotations.NullMarked;
