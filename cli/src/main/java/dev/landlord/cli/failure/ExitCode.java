package dev.landlord.cli.failure;

/** The exit codes of every command, documented in docs/cli.md. Scripts depend on the numbers. */
public enum ExitCode {
    OK(0, "done"),
    FAILED(1, "the server refused, or what was asked for did not succeed"),
    USAGE(2, "wrong usage: an option, a name, a setting or a manifest"),
    UNREACHABLE(3, "the server cannot be reached, or its certificate is not to be trusted"),
    UNAUTHORIZED(4, "no token, a wrong token, or a token that may not do this"),
    NOT_FOUND(5, "the object does not exist, or not for this token"),
    TIMED_OUT(6, "waited for the time that was given, and it had not happened"),
    CHILD_DIED(7, "landlord dev: the control plane or the agent ended by itself"),
    INTERNAL(70, "a fault of the command itself; please report it"),
    INTERRUPTED(130, "interrupted");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }
}
