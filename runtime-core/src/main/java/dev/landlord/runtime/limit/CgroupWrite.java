package dev.landlord.runtime.limit;

import dev.landlord.runtime.LimitReading;
import dev.landlord.runtime.proc.CpuList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One value to write into a group, and what must be read afterwards.
 *
 * @param field of {@link dev.landlord.runtime.Limits} that is enforced by it; named when the kernel does not take it
 * @param controller whose hierarchy has the file
 * @param readFile what to read afterwards, mostly the same file
 */
public record CgroupWrite(
        String field, String controller, String file, String value, String readFile, ReadBack readBack) {

    public CgroupWrite(String field, String controller, String file, String value, ReadBack readBack) {
        this(field, controller, file, value, file, readBack);
    }

    /** The text that must be found after a write. */
    public sealed interface ReadBack {
        boolean accepts(String text);
    }

    public record Same(String expected) implements ReadBack {
        @Override
        public boolean accepts(String text) {
            return text.strip().equals(expected);
        }
    }

    /** Memory limits are kept in pages, rounded down. */
    public record WholePages(long bytes) implements ReadBack {
        private static final long PAGE = 4096;

        @Override
        public boolean accepts(String text) {
            return text.strip().equals(Long.toString(bytes / PAGE * PAGE));
        }
    }

    /** Version 1 shows "no limit" as the largest number of whole pages. */
    public record NoLimit() implements ReadBack {
        @Override
        public boolean accepts(String text) {
            String number = text.strip();
            return number.matches("\\d{19}") && Long.parseLong(number) >= 1L << 62;
        }
    }

    /**
     * The kernel may write {@code 0,1} as {@code 0-1}.
     *
     * @param all stands for "no list of its own", which a group with processes in it cannot go back to
     */
    public record Cpus(String list, String all) implements ReadBack {
        @Override
        public boolean accepts(String text) {
            return CpuList.parse(text).equals(CpuList.parse(list));
        }
    }

    /**
     * A line per device.
     *
     * @param key major:minor
     * @param rest what stands behind it; equal to {@code noLimit} when there must be no such line
     * @param noLimit what is written to be rid of the line
     */
    public record DeviceLine(String key, String rest, String noLimit) implements ReadBack {
        @Override
        public boolean accepts(String text) {
            return lineIn(text).equals(rest);
        }

        String lineIn(String text) {
            return text.lines()
                    .filter(line -> line.startsWith(key + " "))
                    .map(line -> line.substring(key.length() + 1).strip())
                    .findFirst()
                    .orElse(noLimit);
        }
    }

    /** Exactly these lines, in any order. */
    public record Lines(Set<String> expected) implements ReadBack {
        @Override
        public boolean accepts(String text) {
            return text.lines()
                    .filter(line -> !line.isBlank())
                    .collect(Collectors.toSet())
                    .equals(expected);
        }
    }

    /** The major:minor of each line; what begins otherwise is a default for all of them. */
    static List<String> devicesIn(String text) {
        return text.lines()
                .map(line -> line.substring(0, Math.max(0, line.indexOf(' '))))
                .filter(key -> key.matches("\\d+:\\d+"))
                .toList();
    }

    /** Compares what is there now with what this would write. */
    public LimitReading reading(String text) {
        String found = readBack instanceof DeviceLine line ? line.key() + " " + line.lineIn(text) : text.strip();
        return new LimitReading(field, file, value, found, !text.isBlank() && readBack.accepts(text));
    }

    /** The write that brings back what the file had before. */
    public CgroupWrite undo(String before) {
        if (readBack instanceof DeviceLine line) {
            String rest = line.lineIn(before);
            return new CgroupWrite(
                    field, controller, file, line.key() + " " + rest, new DeviceLine(line.key(), rest, line.noLimit()));
        }
        if (readBack instanceof Cpus cpus) {
            String list = before.isBlank() ? cpus.all() : before.strip();
            return new CgroupWrite(field, controller, file, list, new Cpus(list, cpus.all()));
        }
        return new CgroupWrite(field, controller, file, before.strip(), new Same(before.strip()));
    }
}
