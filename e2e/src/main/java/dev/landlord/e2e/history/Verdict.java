package dev.landlord.e2e.history;

import java.util.List;

/**
 * What became of what clients were told.
 *
 * @param acknowledged how many changes
 * @param lost acknowledged ones of which the log knows nothing
 * @param duplicated ones that were done more than once
 * @param violations whatever else cannot be, one sentence each
 */
public record Verdict(int acknowledged, List<String> lost, List<String> duplicated, List<String> violations) {
    public Verdict {
        lost = List.copyOf(lost);
        duplicated = List.copyOf(duplicated);
        violations = List.copyOf(violations);
    }

    public boolean isClean() {
        return lost.isEmpty() && duplicated.isEmpty() && violations.isEmpty();
    }
}
