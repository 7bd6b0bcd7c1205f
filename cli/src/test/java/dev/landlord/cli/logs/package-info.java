/** Tests of log streams. */
@NullMarked
package dev.landlord.cli.logs;

import org.jspecify.annotations.NullMarked;
