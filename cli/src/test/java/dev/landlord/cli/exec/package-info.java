/** Tests of sitting in front of a program. */
@NullMarked
package dev.landlord.cli.exec;

import org.jspecify.annotations.NullMarked;
