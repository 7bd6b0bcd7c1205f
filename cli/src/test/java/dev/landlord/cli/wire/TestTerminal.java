package dev.landlord.cli.wire;

import dev.landlord.cli.command.CommandTree;
import dev.landlord.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in this process and keeps what they print. */
public final class TestTerminal {
    /** How a command ended. */
    public record Outcome(int code, String out, String err) {}

    public static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

    private final Path home;
    private final Map<String, String> env = new HashMap<>();
    private String input = "";
    private boolean interactive;

    public TestTerminal(Path home) {
        this.home = home;
    }

    public TestTerminal env(String name, String value) {
        env.put(name, value);
        return this;
    }

    public TestTerminal input(String text) {
        input = text;
        return this;
    }

    public TestTerminal interactive() {
        interactive = true;
        return this;
    }

    public Outcome run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive,
                env,
                home,
                InstantSource.fixed(NOW));
        int code = CommandTree.run(terminal, arguments);
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
