package dev.landlord.runtime;

/**
 * One value of a limit as the kernel has it now, beside the one that it should have.
 *
 * @param limit component of {@link Limits} that it enforces
 * @param file of the control group, without its directory; one limit may need several
 * @param wanted text that is written to have it
 * @param found text that was read; empty if there is no such file
 * @param holds whether the two mean the same: the kernel rounds, and writes some things in other words
 */
public record LimitReading(String limit, String file, String wanted, String found, boolean holds) {}
