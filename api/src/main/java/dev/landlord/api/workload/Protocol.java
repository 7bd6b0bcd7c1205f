package dev.landlord.api.workload;

/** What can be published. */
public enum Protocol {
    TCP,
    UDP
}
