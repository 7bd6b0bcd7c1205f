package dev.landlord.runtime.proc;

/**
 * The text of {@code /proc/PID/stat}, as far as it tells whether a pid still is the process it was.
 *
 * @param name of the program, at most 15 bytes; any character may be in it
 * @param state a letter: R running, S sleeping, D in uninterruptible sleep, Z zombie, T stopped, X dead
 * @param startTimeTicks since boot; with the pid it names a process for good
 */
public record ProcStat(int pid, String name, char state, int ppid, long startTimeTicks) {
    /** Position of the start time among the fields after the name; proc(5) counts it as the 22nd. */
    private static final int START_TIME = 19;

    public static ProcStat parse(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')'); // the name may have parentheses and blanks, what follows it has not
        if (open < 2 || close < open) {
            throw new IllegalArgumentException("stat without a name: " + text);
        }
        String[] fields = text.substring(close + 1).strip().split(" ", -1);
        if (fields.length <= START_TIME || fields[0].length() != 1) {
            throw new IllegalArgumentException("stat without its fields: " + text);
        }
        try {
            return new ProcStat(
                    Integer.parseInt(text.substring(0, open - 1)),
                    text.substring(open + 1, close),
                    fields[0].charAt(0),
                    Integer.parseInt(fields[1]),
                    Long.parseLong(fields[START_TIME]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("stat with a bad number: " + text, e);
        }
    }
}
