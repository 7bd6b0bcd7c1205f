/**
 * Tenants who use the API without end, whatever happens to it, and write down what they asked and what they were told; and what
 * can be found out afterwards past their word: the log of changes, the programs that run.
 */
@NullMarked
package dev.landlord.e2e.customer;

import org.jspecify.annotations.NullMarked;
