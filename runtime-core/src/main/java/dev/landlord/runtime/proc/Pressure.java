package dev.landlord.runtime.proc;

import org.jspecify.annotations.Nullable;

/**
 * The text of a pressure file ({@code /proc/pressure/cpu}, {@code memory.pressure}): time lost by waiting for a resource.
 *
 * @param some at least one task waited
 * @param full all tasks waited; absent for the cpu of a whole host on older kernels
 */
public record Pressure(Line some, @Nullable Line full) {
    /** Where it is not counted. */
    public static final Pressure NONE = new Pressure(new Line(0, 0, 0, 0), null);

    /**
     * @param avg10 percent of the last 10 seconds, likewise 60 and 300
     * @param totalMicros since boot, or since the group was made
     */
    public record Line(double avg10, double avg60, double avg300, long totalMicros) {}

    public static Pressure parse(String text) {
        Line some = null;
        Line full = null;
        for (String line : text.lines().toList()) {
            if (line.startsWith("some ")) {
                some = line(line);
            } else if (line.startsWith("full ")) {
                full = line(line);
            }
        }
        if (some == null) {
            throw new IllegalArgumentException("pressure without a line \"some\": " + text);
        }
        return new Pressure(some, full);
    }

    private static Line line(String line) {
        String[] fields = line.split(" ", -1);
        if (fields.length < 5) {
            throw new IllegalArgumentException("pressure line without its fields: " + line);
        }
        try {
            return new Line(
                    Double.parseDouble(value(fields[1], "avg10=", line)),
                    Double.parseDouble(value(fields[2], "avg60=", line)),
                    Double.parseDouble(value(fields[3], "avg300=", line)),
                    Long.parseLong(value(fields[4], "total=", line)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("pressure line with a bad number: " + line, e);
        }
    }

    private static String value(String field, String name, String line) {
        if (!field.startsWith(name)) {
            throw new IllegalArgumentException("pressure line without " + name + ": " + line);
        }
        return field.substring(name.length());
    }
}
