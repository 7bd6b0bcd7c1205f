package dev.landlord.api.workload;

/** What becomes of a replica when its host has no contact with the control plane. */
public enum OnDisconnect {
    /** It runs on, beside the one that takes its place if the host is given up. */
    KEEP,
    /** It is stopped when the lease of its host ends, and only then another one may take its place. */
    STOP
}
