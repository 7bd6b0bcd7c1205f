/** Tests of readings and rates. */
@NullMarked
package dev.landlord.cli.usage;

import org.jspecify.annotations.NullMarked;
