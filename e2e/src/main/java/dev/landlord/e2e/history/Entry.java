package dev.landlord.e2e.history;

/**
 * A change that was made, by the log of changes.
 *
 * @param id grows in the order of commits
 * @param after what it left behind
 */
public record Entry(long id, String requestId, String resource, State after) {}
