package dev.landlord.cli.terminal;

/**
 * Makes text of others fit to be shown. Names of commands, messages and log lines can hold what a tenant chose; a control
 * character among them could rewrite the operator's screen or type into the shell.
 */
public final class PlainText {
    private PlainText() {}

    /** One line: every control character, line ends and tabs too, in caret or hexadecimal notation. */
    public static String of(String text) {
        return shown(text, false);
    }

    /** Likewise, but line ends and tabs stay. */
    public static String ofLines(String text) {
        return shown(text, true);
    }

    private static String shown(String text, boolean keepLayout) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> append(shown, point, keepLayout));
        return shown.toString();
    }

    private static void append(StringBuilder shown, int point, boolean keepLayout) {
        if (keepLayout && (point == '\n' || point == '\t')) {
            shown.append((char) point);
        } else if (point < 0x20) {
            shown.append('^').append((char) (point + '@'));
        } else if (point == 0x7f) {
            shown.append("^?");
        } else if (isDeceptive(point)) {
            shown.append("\\u{").append(Integer.toHexString(point)).append('}');
        } else {
            shown.appendCodePoint(point);
        }
    }

    /** C1 controls, and the format characters that turn the direction of text around. */
    private static boolean isDeceptive(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
