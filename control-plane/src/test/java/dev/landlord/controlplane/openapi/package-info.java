/** Compares the committed description of the API with the API. */
@NullMarked
package dev.landlord.controlplane.openapi;

import org.jspecify.annotations.NullMarked;
