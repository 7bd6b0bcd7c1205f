/** {@code landlord dev} as it is shipped: real programs, a real sandbox, and a host that is as it was before. */
@NullMarked
package dev.landlord.e2e.dev;

import org.jspecify.annotations.NullMarked;
