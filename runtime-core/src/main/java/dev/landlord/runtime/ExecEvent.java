package dev.landlord.runtime;

/** What a program does that was run in a sandbox. */
public sealed interface ExecEvent {
    /** @param errors from its stderr; never with a terminal, which has one output */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
    record Output(boolean errors, byte[] bytes) implements ExecEvent {}

    /**
     * It has ended, and what it wrote was read.
     *
     * @param exitCode 128 + signal if it was ended by one
     * @param signal 0 if it ended by itself
     */
    record Exited(int exitCode, int signal) implements ExecEvent {}
}
