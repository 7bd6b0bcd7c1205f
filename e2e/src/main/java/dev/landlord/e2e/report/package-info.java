/** Steps that say what was expected and what was observed: printed as they happen, kept for a file at the end. */
@NullMarked
package dev.landlord.e2e.report;

import org.jspecify.annotations.NullMarked;
