/** What makes a step fail. */
@NullMarked
package dev.landlord.e2e.report;

import org.jspecify.annotations.NullMarked;
