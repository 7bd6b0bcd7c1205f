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

    /** Whether an agent is at work, as far as anybody knows: another must not join under its name. */
    public boolean isAtWork() {
        return this == READY || this == SUSPECT;
    }

    /** Lower case. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
