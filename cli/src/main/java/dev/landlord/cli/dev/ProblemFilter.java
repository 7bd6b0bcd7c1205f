package dev.landlord.cli.dev;

import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Passes on the lines of a child's log that a person should see now, and no flood of them. For one thread. */
final class ProblemFilter {
    /** As Spring Boot writes it: a time stamp, the level, the process. */
    private static final Pattern PROBLEM = Pattern.compile("\\S+\\s+(?:WARN|ERROR) .*");
    /** What the programs print before they give up. */
    private static final Pattern LAST_WORDS = Pattern.compile("landlord-(?:agent|control-plane): .*");

    private static final int PER_MINUTE = 60;
    private static final long MINUTE_MILLIS = 60_000;

    private final String name;
    private final InstantSource clock;
    private final Consumer<String> shown;
    private long minuteStart = Long.MIN_VALUE;
    private int inMinute;

    ProblemFilter(String name, InstantSource clock, Consumer<String> shown) {
        this.name = name;
        this.clock = clock;
        this.shown = shown;
    }

    void line(String line) {
        if (!PROBLEM.matcher(line).matches() && !LAST_WORDS.matcher(line).matches()) {
            return;
        }
        long now = clock.millis();
        if (minuteStart == Long.MIN_VALUE || now - minuteStart >= MINUTE_MILLIS) {
            minuteStart = now;
            inMinute = 0;
        }
        inMinute++;
        if (inMinute <= PER_MINUTE) {
            shown.accept(name + ": " + line);
        } else if (inMinute == PER_MINUTE + 1) {
            shown.accept(name + ": more problems this minute, see its log");
        }
    }
}
