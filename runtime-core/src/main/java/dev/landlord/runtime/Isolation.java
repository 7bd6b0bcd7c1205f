package dev.landlord.runtime;

/**
 * How much of the confinement is built. Only {@link #FULL} is for tenants; the others exist for the lesson and its
 * tests, and the agent never offers them.
 */
public enum Isolation {
    /** Changed root only: files are hidden, processes, users and network are not. */
    CHROOT_ONLY,
    /** Changed root and namespaces, no control groups. */
    NAMESPACES,
    /** Everything: namespaces, control groups, capabilities, seccomp, rlimits. */
    FULL
}
