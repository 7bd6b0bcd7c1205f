package dev.landlord.api.sync;

/** What an allocation's health check says. */
public enum ObservedHealth {
    /** Not enough checks yet. */
    STARTING,
    HEALTHY,
    UNHEALTHY
}
