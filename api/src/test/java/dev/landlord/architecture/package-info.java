/**
 * The rules of the house that every module's {@code ArchitectureTest} applies to itself, with the reason for each. Decides
 * what a room (package) may see and do; owns no knowledge of any module. The fixtures below it are planted faults: a rule
 * that does not report them is broken.
 */
@NullMarked
package dev.landlord.architecture;

import org.jspecify.annotations.NullMarked;
