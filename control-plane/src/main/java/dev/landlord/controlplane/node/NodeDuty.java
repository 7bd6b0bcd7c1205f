package dev.landlord.controlplane.node;

/** What an operator lets a node do. */
public enum NodeDuty {
    OPEN,
    /** It takes nothing new. */
    CORDONED,
    /** The same, and what it has moves elsewhere. */
    DRAINING
}
