/** Tests of the pure core: tables of single decisions, and a seeded random world that the actions are applied to. */
@NullMarked
package dev.landlord.agent.diff;

import org.jspecify.annotations.NullMarked;
