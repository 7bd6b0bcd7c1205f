package dev.landlord.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.cli.wire.ServerKeys;
import dev.landlord.cli.wire.TestTerminal;
import dev.landlord.cli.wire.TestTerminal.Outcome;
import dev.landlord.cli.wire.WireServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file in sessions/ is one terminal session. Above the line {@code ----} it says what the server answers
 * ({@code > METHOD PATH STATUS BODY}), sets variables ({@code NAME=VALUE}) and makes files ({@code < NAME} and indented
 * lines). Below: {@code $ command}, what it printed, what went to stderr after {@code ! }, and {@code = N} when the exit code
 * is not 0; last {@code ? requests}, what the server was asked. A run with -Dsessions.rewrite=true writes what it saw.
 */
class SessionTest {
    private static final Path SESSIONS = Path.of("src/test/resources/sessions");
    private static final Pattern ANSWER = Pattern.compile("> (\\w+ \\S+) (\\d+)(?: (.*))?");

    @TempDir
    private static Path keysFolder = Path.of("");

    private static ServerKeys keys;

    @TempDir
    private Path home = Path.of("");

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = ServerKeys.make(keysFolder, "server");
    }

    static Stream<Path> sessions() throws IOException {
        try (Stream<Path> files = Files.list(SESSIONS)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void whatWasSeenIsSeenAgain(Path file) throws IOException {
        String text = Files.readString(file);
        int cut = text.indexOf("----\n");
        String prepared = text.substring(0, cut + 5);
        List<String> commands = text.substring(cut + 5)
                .lines()
                .filter(line -> line.startsWith("$ "))
                .map(line -> line.substring(2))
                .toList();
        assertThat(commands).isNotEmpty();
        String seen = prepared + run(prepared, commands);
        if (Boolean.getBoolean("sessions.rewrite")) {
            Files.writeString(file, seen);
        }
        assertThat(seen).isEqualTo(text);
    }

    private String run(String prepared, List<String> commands) throws IOException {
        try (WireServer server = new WireServer(keys)) {
            TestTerminal terminal = new TestTerminal(home)
                    .env("LANDLORD_SERVER", server.uri().toString())
                    .env("LANDLORD_CA_FILE", keys.caFile().toString())
                    .env("LANDLORD_TOKEN", "ll_test");
            prepare(prepared, server, terminal);
            StringBuilder seen = new StringBuilder();
            for (String command : commands) {
                append(seen, command, terminal.run(words(command)));
            }
            seen.append("? requests\n");
            server.requests()
                    .forEach(request -> seen.append(request.line())
                            .append(request.body().isEmpty() ? "" : " " + request.body())
                            .append('\n'));
            return seen.toString()
                    .replace(server.uri().toString(), "https://SERVER")
                    .replace(keys.caFile().toString(), "CA")
                    .replace(home.toString(), "HOME");
        }
    }

    private void prepare(String prepared, WireServer server, TestTerminal terminal) throws IOException {
        Path file = null;
        for (String line : prepared.lines().toList()) {
            Matcher answer = ANSWER.matcher(line);
            if (answer.matches()) {
                String body = answer.group(3) == null ? "" : answer.group(3);
                server.answer(answer.group(1), Integer.parseInt(answer.group(2)), body);
            } else if (line.startsWith("< ")) {
                file = Files.writeString(home.resolve(line.substring(2)), "");
            } else if (line.startsWith("  ") && file != null) {
                Files.writeString(file, Files.readString(file) + line.substring(2) + "\n");
            } else if (line.matches("[A-Z_]+=.*")) {
                terminal.env(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            }
        }
    }

    private String[] words(String command) {
        List<String> words = new ArrayList<>();
        Matcher matcher = Pattern.compile("'([^']*)'|(\\S+)").matcher(command);
        while (matcher.find()) {
            words.add(
                    (matcher.group(1) == null ? matcher.group(2) : matcher.group(1)).replace("HOME", home.toString()));
        }
        assertThat(words.getFirst()).isEqualTo("landlord");
        return words.subList(1, words.size()).toArray(String[]::new);
    }

    private static void append(StringBuilder seen, String command, Outcome outcome) {
        seen.append("$ ").append(command).append('\n').append(outcome.out());
        if (!outcome.out().isEmpty() && !outcome.out().endsWith("\n")) {
            seen.append("\n\\ without line end\n");
        }
        outcome.err().lines().forEach(line -> seen.append("! ").append(line).append('\n'));
        if (outcome.code() != 0) {
            seen.append("= ").append(outcome.code()).append('\n');
        }
    }
}
