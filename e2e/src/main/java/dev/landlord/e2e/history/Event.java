package dev.landlord.e2e.history;

import org.jspecify.annotations.Nullable;

/** Something that a client did and was answered. The events of one client follow one another. */
public sealed interface Event {
    String client();

    /** Path of the workload. */
    String resource();

    /** How a change ended, as its client may say. */
    enum Outcome {
        /** It was told that it is done. */
        ACKNOWLEDGED,
        /** It was told that it is not done, and there was nothing before that could have done it. */
        REFUSED,
        /** No answer, or one that says neither. */
        UNKNOWN
    }

    /**
     * A change that was asked for, all tries together.
     *
     * @param requestId the same in all tries, and in no other change
     * @param once whether it must not be done twice however often it is tried: it had a key or a condition
     * @param tries how often it was sent
     * @param mark that a PUT writes; null for others
     */
    record Change(
            String client,
            String resource,
            String requestId,
            String method,
            Outcome outcome,
            boolean once,
            int tries,
            @Nullable Integer mark)
            implements Event {}

    /**
     * A look that was answered.
     *
     * @param replica which of the control planes answered
     * @param index the revision that came with the answer; {@link #NO_INDEX} if none did
     */
    record Reading(String client, String resource, String replica, long index, State state) implements Event {
        public static final long NO_INDEX = -1;
    }
}
