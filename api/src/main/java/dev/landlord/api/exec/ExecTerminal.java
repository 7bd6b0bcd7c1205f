package dev.landlord.api.exec;

import dev.landlord.api.workload.InvalidField;
import java.util.regex.Pattern;

/**
 * The terminal in front of which somebody sits.
 *
 * @param rows 1 to 4096, like {@code columns}
 * @param type what the program finds as {@code TERM}
 */
public record ExecTerminal(int rows, int columns, String type) {
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,63}");
    private static final int MAX = 4096;

    public ExecTerminal {
        require("terminal.rows", rows);
        require("terminal.columns", columns);
        if (!TYPE.matcher(type).matches()) {
            throw new InvalidField("terminal.type", "must match " + TYPE.pattern());
        }
    }

    private static void require(String field, int value) {
        if (value < 1 || value > MAX) {
            throw new InvalidField(field, "must be between 1 and " + MAX + ", was " + value);
        }
    }
}
