package dev.landlord.e2e.demo;

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
final class DemoReport {
    private final PrintStream out;
    private final List<StepResult> results = new ArrayList<>();

    DemoReport(PrintStream out) {
        this.out = out;
    }

    void chapter(String title) {
        out.println();
        out.println("== " + title);
    }

    /** A step that throws is a step that failed; the demonstration goes on, so that one fault does not hide others. */
    void step(String step, String expected, Callable<String> observe, Predicate<String> holds) {
        StepResult result;
        try {
            String observed = observe.call().strip().replaceAll("\\s*\n\\s*", " | ");
            result = new StepResult(step, expected, observed, holds.test(observed));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result = new StepResult(step, expected, "interrupted", false);
        } catch (Exception e) {
            result = new StepResult(step, expected, e.getClass().getSimpleName() + ": " + e.getMessage(), false);
        }
        results.add(result);
        out.printf("%s %s%n      expected %s%n      observed %s%n", mark(result), step, expected, result.observed());
    }

    private static String mark(StepResult result) {
        return result.ok() ? "[ ok ]" : "[FAIL]";
    }

    boolean allHold() {
        return !results.isEmpty() && results.stream().allMatch(StepResult::ok);
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(file, json.writeValueAsString(results));
        long failed = results.stream().filter(result -> !result.ok()).count();
        out.printf("%n%d passed, %d failed%n", results.size() - failed, failed);
    }
}
