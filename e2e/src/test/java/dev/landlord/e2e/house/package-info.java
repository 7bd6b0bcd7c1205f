/** Shows that the rules of the house bite: a rule that cannot fail is no rule. */
@NullMarked
package dev.landlord.e2e.house;

import org.jspecify.annotations.NullMarked;
