/**
 * The demonstration: a lesson in three acts on bare sandboxes, then Alice, Bob and Eve through REST. Every step says what
 * was expected and what was observed on real processes; nothing is decided by a recorded answer.
 */
@NullMarked
package dev.landlord.e2e.demo;

import org.jspecify.annotations.NullMarked;
