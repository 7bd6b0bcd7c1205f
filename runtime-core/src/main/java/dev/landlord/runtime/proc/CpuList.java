package dev.landlord.runtime.proc;

import java.util.BitSet;

/** The kernel's list form of cpus or memory nodes: {@code 0-3,5}. Empty text is the empty set. */
public final class CpuList {
    /** More than any kernel is built for; a bound for what a caller may ask. */
    private static final int MAX = 8192;

    private CpuList() {}

    public static BitSet parse(String text) {
        BitSet set = new BitSet();
        String list = text.strip();
        if (list.isEmpty()) {
            return set;
        }
        for (String part : list.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = number(dash < 0 ? part : part.substring(0, dash), text);
            int last = dash < 0 ? first : number(part.substring(dash + 1), text);
            if (last < first) {
                throw new IllegalArgumentException("list with a range that runs backwards: " + text);
            }
            set.set(first, last + 1);
        }
        return set;
    }

    private static int number(String part, String text) {
        try {
            int value = Integer.parseInt(part);
            if (value >= 0 && value < MAX) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("list with a bad number: " + text, e);
        }
        throw new IllegalArgumentException("list with a number outside 0.." + (MAX - 1) + ": " + text);
    }
}
