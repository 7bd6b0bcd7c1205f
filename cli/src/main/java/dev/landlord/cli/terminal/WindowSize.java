package dev.landlord.cli.terminal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Of a terminal window, in characters; each between 1 and 4096. */
public record WindowSize(int rows, int columns) {
    private static final Pattern STTY = Pattern.compile("([0-9]{1,5}) ([0-9]{1,5})");
    private static final int MAX = 4096;

    /** Reads what {@code stty size} prints; empty if it says nothing useful: some terminals do not know their size. */
    static Optional<WindowSize> parse(String line) {
        Matcher matcher = STTY.matcher(line.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int rows = Integer.parseInt(matcher.group(1));
        int columns = Integer.parseInt(matcher.group(2));
        boolean known = rows > 0 && columns > 0;
        return known ? Optional.of(new WindowSize(Math.min(rows, MAX), Math.min(columns, MAX))) : Optional.empty();
    }
}
