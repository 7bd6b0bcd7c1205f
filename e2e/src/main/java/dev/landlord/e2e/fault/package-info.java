/** Which fault strikes when: a list that follows from a seed and nothing else, so that a run can be had again. Decides only. */
@NullMarked
package dev.landlord.e2e.fault;

import org.jspecify.annotations.NullMarked;
