package dev.landlord.cli.terminal;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The surroundings of one command.
 *
 * @param interactive whether a person sits in front of stdin and stdout
 * @param env the environment variables
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean interactive,
        Map<String, String> env,
        Path home,
        InstantSource clock) {
    public Terminal {
        env = Map.copyOf(env);
    }

    /** The real one of this process. */
    public static Terminal ofProcess() {
        Map<String, String> env = System.getenv();
        String home = env.getOrDefault("HOME", System.getProperty("user.home", "/"));
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                stream(new FileOutputStream(FileDescriptor.out)),
                stream(new FileOutputStream(FileDescriptor.err)),
                isTerminal(),
                env,
                Path.of(home),
                InstantSource.system());
    }

    /** Without a terminal there is no console object on some versions and one that says so on others. */
    @SuppressWarnings("SystemConsoleNull") // Java 25 returns null again
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static PrintStream stream(OutputStream raw) {
        return new PrintStream(raw, true, StandardCharsets.UTF_8);
    }

    /** The variable's value; null when it is unset or empty. */
    public @Nullable String variable(String name) {
        String value = env.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** Whether colours are welcome: a person is there and NO_COLOR (no-color.org) is not set. */
    public boolean colours() {
        return interactive && variable("NO_COLOR") == null;
    }

    /** A message for the person, not part of the result. */
    public void say(String line) {
        err.println(PlainText.of(line));
    }
}
