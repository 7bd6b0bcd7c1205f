package dev.landlord.e2e.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Runs steps one after the other, prints each as it ends, and keeps them for {@code report.json}. Not thread-safe. */
public final class DemoReport {
    private static final int MAX_OBSERVED = 1000;

    private final PrintStream out;
    private final List<StepResult> results = new ArrayList<>();

    public DemoReport(PrintStream out) {
        this.out = out;
    }

    /** Several steps with what they need around them. */
    @FunctionalInterface
    public interface Act {
        void play() throws Exception;
    }

    /** An act that breaks off is a step that failed, and the next act is played. */
    public void act(String title, Act act) throws InterruptedException {
        out.println();
        out.println("== " + title);
        try {
            act.play();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            add(new StepResult(title, "is played to its end", failure(e), false));
        }
    }

    /** A step that throws is a step that failed; the demonstration goes on, so that one fault does not hide others. */
    public void step(String step, String expected, Callable<String> observe, Predicate<String> holds)
            throws InterruptedException {
        add(observed(step, expected, observe, holds));
    }

    /** A step without which those that follow would say nothing: if it does not hold, the act breaks off. */
    public void vitalStep(String step, String expected, Callable<String> observe, Predicate<String> holds)
            throws InterruptedException {
        StepResult result = observed(step, expected, observe, holds);
        add(result);
        if (!result.ok()) {
            throw new IllegalStateException("goes no further without: " + step);
        }
    }

    private static StepResult observed(String step, String expected, Callable<String> observe, Predicate<String> holds)
            throws InterruptedException {
        try {
            String observed = oneLine(observe.call());
            return new StepResult(step, expected, observed, holds.test(observed));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return new StepResult(step, expected, failure(e), false);
        }
    }

    private void add(StepResult result) {
        results.add(result);
        out.printf(
                "%s %s%n      expected %s%n      observed %s%n",
                mark(result), result.step(), result.expected(), result.observed());
    }

    private static String failure(Exception e) {
        return oneLine(e.getClass().getSimpleName() + ": " + e.getMessage());
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s*\\R\\s*", " | ");
        return line.length() <= MAX_OBSERVED ? line : line.substring(0, MAX_OBSERVED) + "...";
    }

    private static String mark(StepResult result) {
        return result.ok() ? "[ ok ]" : "[FAIL]";
    }

    /** False as long as there was no step at all. */
    public boolean allHold() {
        return !results.isEmpty() && results.stream().allMatch(StepResult::ok);
    }

    /** Writes {@code [{step, expected, observed, ok}]} and prints the sum. */
    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(file, json.writeValueAsString(results) + "\n");
        List<StepResult> failed =
                results.stream().filter(result -> !result.ok()).toList();
        out.printf("%n%d steps hold, %d do not%n", results.size() - failed.size(), failed.size());
        failed.forEach(result -> out.println("[FAIL] " + result.step()));
    }
}
