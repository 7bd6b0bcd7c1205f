package dev.landlord.controlplane.node;

import java.util.Locale;

/** How a node is, seen from the control plane. */
public enum NodeState {
    /** It has joined and has not reported yet. */
    JOINED,
    READY,
    /** Several reports are missing. It takes nothing new. */
    SUSPECT,
    /** Its lease is over. */
    LOST;

    /** Lower case. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
