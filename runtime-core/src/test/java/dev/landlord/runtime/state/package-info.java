/** Tests of the sandbox's directory: what a supervisor writes there, whole, torn or absent. Needs no kernel feature. */
@NullMarked
package dev.landlord.runtime.state;

import org.jspecify.annotations.NullMarked;
