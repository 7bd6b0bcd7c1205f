package dev.landlord.cli.command;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** What is asked of a person before much is deleted. */
final class Consent {
    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    /** Asks only where a person can answer; a script that says delete means it. */
    void ask(Session session, String question) {
        if (yes || !session.terminal().interactive()) {
            return;
        }
        session.terminal().err().print(question + " [y/N] ");
        session.terminal().err().flush();
        if (!readLine(session.terminal().in()).strip().equalsIgnoreCase("y")) {
            throw new CommandFailure(ExitCode.FAILED, "not done");
        }
    }

    private static String readLine(InputStream in) {
        StringBuilder line = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0 && next != '\n' && line.length() < 100; next = in.read()) {
                line.append((char) next);
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot read the answer: " + e, e);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
