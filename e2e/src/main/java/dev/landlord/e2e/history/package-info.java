/**
 * What clients saw, and whether it can be true: judges a history of answers by the log of changes and by what is there in the
 * end. Decides only; it asks nobody.
 */
@NullMarked
package dev.landlord.e2e.history;

import org.jspecify.annotations.NullMarked;
