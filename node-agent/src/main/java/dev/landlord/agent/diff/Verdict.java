package dev.landlord.agent.diff;

/** What becomes of a desired set that arrived. */
public sealed interface Verdict {
    /** It replaces the accepted one. */
    record Accepted() implements Verdict {}

    /** It is the accepted one. */
    record Unchanged() implements Verdict {}

    /** It is older than the accepted one, or not a set. */
    record Refused(String reason) implements Verdict {}

    /** It waits until an operator confirms it. */
    record Held(String reason) implements Verdict {}
}
