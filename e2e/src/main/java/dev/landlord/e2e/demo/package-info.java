/**
 * The demonstration: the lesson, then Alice, Bob and Eve through REST on the shipped programs. Every step says what was
 * expected and what was observed on real processes; nothing is decided by a recorded answer. The last steps look whether
 * the host is as it was before.
 */
@NullMarked
package dev.landlord.e2e.demo;

import org.jspecify.annotations.NullMarked;
