/** Proves that tokens are good for their holder and for nobody after they were revoked. */
@NullMarked
package dev.landlord.controlplane.credential;

import org.jspecify.annotations.NullMarked;
