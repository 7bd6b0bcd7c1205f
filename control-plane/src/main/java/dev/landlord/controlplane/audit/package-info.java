/**
 * Who changed what, and who was refused: one entry for each request of an operator, a tenant or a joiner that changed something,
 * written in the transaction of the change, and one for each that was refused by a rule or for lack of a right. Owns the
 * table {@code audit} and its retention; nothing can change an entry. No entry may hold a secret.
 */
@NullMarked
package dev.landlord.controlplane.audit;

import org.jspecify.annotations.NullMarked;
