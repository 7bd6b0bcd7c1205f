/**
 * Shows what programs wrote: of one allocation, or of all of a workload side by side. Holds no more of a log than the lines
 * that were asked for, and shows a terminal no control characters.
 */
@NullMarked
package dev.landlord.cli.logs;

import org.jspecify.annotations.NullMarked;
