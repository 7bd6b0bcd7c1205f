package dev.landlord.agent.image.tree;

/** Whose the files of a tree are on this host's disk. */
public enum Ownership {
    /** Ids as in the image; sandboxes see them through an id-mapped mount. Needs CAP_CHOWN. */
    KEEP,
    /** The caller's; all that a process without privilege can do. */
    CALLER
}
