/** Pins what Prometheus is told. */
@NullMarked
package dev.landlord.controlplane.discovery;

import org.jspecify.annotations.NullMarked;
