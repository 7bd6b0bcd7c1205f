package dev.landlord.cli.failure;

import java.util.List;

/** The command cannot go on. Its lines go to stderr, one per error; its code becomes the exit code. */
public final class CommandFailure extends RuntimeException {
    private final ExitCode code;
    private final List<String> lines;

    public CommandFailure(ExitCode code, String line) {
        this(code, List.of(line));
    }

    public CommandFailure(ExitCode code, List<String> lines) {
        super(String.join("; ", lines));
        this.code = code;
        this.lines = List.copyOf(lines);
    }

    public CommandFailure(ExitCode code, String line, Throwable cause) {
        super(line, cause);
        this.code = code;
        this.lines = List.of(line);
    }

    public static CommandFailure usage(String line) {
        return new CommandFailure(ExitCode.USAGE, line);
    }

    public ExitCode code() {
        return code;
    }

    public List<String> lines() {
        return lines;
    }
}
