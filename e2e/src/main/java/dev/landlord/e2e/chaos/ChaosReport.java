package dev.landlord.e2e.chaos;

import dev.landlord.e2e.history.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is written in the end.
 *
 * @param seed by which the same faults can be had again
 * @param acknowledged changes that a customer was told are done
 * @param reads answered ones
 * @param violations whatever else is not as it must be, one sentence each
 */
record ChaosReport(
        long seed,
        List<FaultRecord> faults,
        int acknowledged,
        long reads,
        List<String> lost,
        List<String> duplicated,
        List<String> violations) {
    static ChaosReport of(
            long seed, List<FaultRecord> faults, long reads, Verdict verdict, List<String> moreViolations) {
        List<String> violations = new ArrayList<>(verdict.violations());
        violations.addAll(moreViolations);
        return new ChaosReport(
                seed,
                List.copyOf(faults),
                verdict.acknowledged(),
                reads,
                verdict.lost(),
                verdict.duplicated(),
                List.copyOf(violations));
    }

    /** Nothing wrong, and something was done at all. */
    boolean holds() {
        return acknowledged > 0 && lost.isEmpty() && duplicated.isEmpty() && violations.isEmpty();
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(file, json.writeValueAsString(this) + "\n");
    }

    void print(PrintStream out) {
        out.printf(
                "%n%d faults, %d changes acknowledged, %d reads; %d lost, %d duplicated, %d violations%n",
                faults.size(), acknowledged, reads, lost.size(), duplicated.size(), violations.size());
        lost.forEach(words -> out.println("[LOST] " + words));
        duplicated.forEach(words -> out.println("[TWICE] " + words));
        violations.forEach(words -> out.println("[WRONG] " + words));
    }
}
