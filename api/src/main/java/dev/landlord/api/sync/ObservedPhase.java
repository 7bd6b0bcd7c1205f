package dev.landlord.api.sync;

/** Where an allocation is, as its agent sees it. */
public enum ObservedPhase {
    STARTING,
    RUNNING,
    FROZEN,
    BACKING_OFF,
    EXITED,
    FAILED,
    STOPPED
}
