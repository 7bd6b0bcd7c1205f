package dev.landlord.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A peer that is a command: from its start to its end, when everything that it made is gone again. */
final class CommandContestant implements Contestant {
    /** What has to end and vanish after the command itself, such as a daemon. */
    @FunctionalInterface
    interface Aftermath {
        void cleanUp() throws IOException;
    }

    private final String name;
    private final Stopwatch stopwatch;
    private final Aftermath aftermath;

    private CommandContestant(String name, Stopwatch stopwatch, Aftermath aftermath) {
        this.name = name;
        this.stopwatch = stopwatch;
        this.aftermath = aftermath;
    }

    static CommandContestant start(BenchFiles files, String name, List<String> command, Aftermath aftermath)
            throws IOException {
        Path program = files.compile("command.c");
        List<String> timed = new ArrayList<>(List.of(program.toString()));
        timed.addAll(command);
        return new CommandContestant(name, Stopwatch.start(files.errors(name), timed), aftermath);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Launch launch() throws IOException {
        List<Long> numbers = stopwatch.run();
        if (numbers.get(1) != 0) {
            throw new IOException("exit code " + numbers.get(1) + ": " + stopwatch.complaint());
        }
        return new Launch(Launch.UNSEEN, numbers.get(0));
    }

    @Override
    public void close() throws IOException {
        stopwatch.close();
        aftermath.cleanUp();
    }
}
