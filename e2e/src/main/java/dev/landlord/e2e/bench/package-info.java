/**
 * The benchmark of launching: a bare C floor, our runtime, and peers, one run of each after the other in one process of
 * measuring, so that whatever disturbs the machine disturbs all. It prints figures and ratios and judges nothing; a peer
 * that cannot run here is reported with the reason.
 */
@NullMarked
package dev.landlord.e2e.bench;

import org.jspecify.annotations.NullMarked;
