/** Tests of trust and of what is not a success. */
@NullMarked
package dev.landlord.cli.client;

import org.jspecify.annotations.NullMarked;
