/** Tests of how the agent of a host is run. */
@NullMarked
package dev.landlord.cli.join;

import org.jspecify.annotations.NullMarked;
