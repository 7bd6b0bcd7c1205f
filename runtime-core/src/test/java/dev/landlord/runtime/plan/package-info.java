/** The plan against golden files, and its wire form against the helper's own header. */
@NullMarked
package dev.landlord.runtime.plan;

import org.jspecify.annotations.NullMarked;
