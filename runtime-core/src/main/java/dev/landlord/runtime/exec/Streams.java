package dev.landlord.runtime.exec;

import dev.landlord.runtime.linux.Descriptors;
import dev.landlord.runtime.linux.Linux;
import java.util.List;

/**
 * Our ends of what a program has as 0, 1 and 2; -1 for what there is not.
 *
 * @param terminal whether input and output are two descriptors of one terminal
 */
record Streams(boolean terminal, int input, int output, int errors) {
    /** Of those that a helper handed over: one terminal, or output and errors with the input before them if there is any. */
    static Streams of(List<Integer> handed) {
        handed.forEach(Descriptors::stopWaiting);
        return switch (handed.size()) {
            // Two, so that who writes and who reads need not agree on when to close it.
            case 1 -> new Streams(true, Linux.duplicate(handed.getFirst()), handed.getFirst(), -1);
            case 2 -> new Streams(false, -1, handed.get(0), handed.get(1));
            case 3 -> new Streams(false, handed.get(0), handed.get(1), handed.get(2));
            default -> throw new IllegalStateException("a helper handed over " + handed.size() + " descriptors");
        };
    }
}
