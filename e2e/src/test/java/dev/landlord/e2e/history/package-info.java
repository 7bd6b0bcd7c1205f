/** Histories in which something is lost, done twice or seen to go back are told from those in which it is not. */
@NullMarked
package dev.landlord.e2e.history;

import org.jspecify.annotations.NullMarked;
