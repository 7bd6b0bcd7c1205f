package dev.landlord.runtime;

/**
 * How much of the confinement is built. Only {@link #FULL} is for tenants; the others exist for the lesson and its
 * tests, and the agent never offers them. All are in a control group of their own, so that they can be removed whole;
 * only {@code FULL} has limits in it.
 */
public enum Isolation {
    /** Changed root only: files are hidden, processes, users and network are not. */
    CHROOT_ONLY,
    /** Changed root and namespaces, no limits. */
    NAMESPACES,
    /** Everything: namespaces, control groups, capabilities, seccomp, rlimits. */
    FULL
}
