/** The runtime on a real kernel: everything is looked at from inside a real sandbox, and the host is compared afterwards. */
@NullMarked
package dev.landlord.runtime.engine;

import org.jspecify.annotations.NullMarked;
