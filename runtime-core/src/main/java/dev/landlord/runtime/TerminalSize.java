package dev.landlord.runtime;

/** Of a terminal, in characters; each between 1 and 4096. */
public record TerminalSize(int rows, int columns) {
    public static final int MAX = 4096;

    public TerminalSize {
        if (rows < 1 || rows > MAX || columns < 1 || columns > MAX) {
            throw new IllegalArgumentException("rows and columns must be between 1 and " + MAX);
        }
    }
}
