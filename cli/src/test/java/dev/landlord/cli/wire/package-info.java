/** A control plane on the wire: a real TLS listener with prepared answers, and commands that are run against it. */
@NullMarked
package dev.landlord.cli.wire;

import org.jspecify.annotations.NullMarked;
