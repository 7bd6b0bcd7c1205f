package dev.landlord.runtime;

/**
 * A piece of captured output.
 *
 * @param offset position of the first byte, counted from the start of the sandbox's output; larger than asked for when
 *     older bytes were rotated away
 * @param bytes what was there, perhaps nothing
 */
@SuppressWarnings("ArrayRecordComponent") // raw output; compared by nobody
public record LogPage(long offset, byte[] bytes) {
    /** Which of the program's outputs. */
    public enum Stream {
        STDOUT,
        STDERR
    }

    public long nextOffset() {
        return offset + bytes.length;
    }
}
