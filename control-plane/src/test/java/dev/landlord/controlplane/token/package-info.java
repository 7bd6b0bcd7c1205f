/** Proves what tokens that are less can and cannot do. */
@NullMarked
package dev.landlord.controlplane.token;

import org.jspecify.annotations.NullMarked;
