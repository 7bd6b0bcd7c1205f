/**
 * Reads the kernel's texts of {@code /proc} and the control-group files into records. Text in, records out: this room
 * opens no file, knows no path and decides nothing. A text that does not have the kernel's form is an
 * {@link java.lang.IllegalArgumentException} that quotes the line.
 */
@NullMarked
package dev.landlord.runtime.proc;

import org.jspecify.annotations.NullMarked;
