package dev.landlord.runtime.proc;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The text of {@code /proc/PID/mountinfo}.
 *
 * @param mounts in the order of the text, so a later one covers an earlier one at the same place
 */
public record MountInfo(List<Mount> mounts) {
    public MountInfo {
        mounts = List.copyOf(mounts);
    }

    /**
     * One mount.
     *
     * @param root which directory of the file system is mounted
     * @param mountPoint where it is seen, blanks and backslashes decoded
     * @param options of this mount
     * @param type of the file system, such as {@code cgroup2}
     * @param superOptions of the file system; for {@code cgroup} they name the controllers
     */
    public record Mount(
            int id,
            int parentId,
            String root,
            String mountPoint,
            Set<String> options,
            String type,
            Set<String> superOptions) {}

    public static MountInfo parse(String text) {
        List<Mount> mounts = new ArrayList<>();
        text.lines().filter(line -> !line.isEmpty()).forEach(line -> mounts.add(mount(line)));
        return new MountInfo(mounts);
    }

    private static Mount mount(String line) {
        String[] fields = line.split(" ", -1);
        int separator = 6;
        while (separator < fields.length && !fields[separator].equals("-")) {
            separator++; // any number of optional fields, none included, stands before the dash
        }
        if (separator + 3 >= fields.length) {
            throw new IllegalArgumentException("mountinfo line without its fields: " + line);
        }
        return new Mount(
                number(fields[0], line),
                number(fields[1], line),
                decoded(fields[3]),
                decoded(fields[4]),
                Set.of(distinct(fields[5])),
                fields[separator + 1],
                Set.of(distinct(fields[separator + 3])));
    }

    private static String[] distinct(String options) {
        return List.of(options.split(",", -1)).stream().distinct().toArray(String[]::new);
    }

    private static int number(String field, String line) {
        try {
            return Integer.parseInt(field);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("mountinfo line with a bad number: " + line, e);
        }
    }

    /** The kernel writes blank, tab, newline and backslash as a backslash and three octal digits. */
    private static String decoded(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && isOctal(field, i + 1)) {
                out.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isOctal(String field, int from) {
        return from + 3 <= field.length()
                && field.substring(from, from + 3).chars().allMatch(c -> c >= '0' && c <= '7');
    }
}
