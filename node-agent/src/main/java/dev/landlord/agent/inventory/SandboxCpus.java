package dev.landlord.agent.inventory;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The CPUs that sandboxes run on where the host keeps the others for itself.
 *
 * @param list as the kernel writes it, such as {@code 1-7}
 * @param count of CPUs in it
 */
public record SandboxCpus(String list, int count) {
    private static final Pattern PART = Pattern.compile("([0-9]{1,4})(?:-([0-9]{1,4}))?");

    /**
     * Those of a list, if this host has them.
     *
     * @param online those that the host has, in the same form
     * @throws IllegalArgumentException with the rule that the list breaks
     */
    public static SandboxCpus of(String list, String online) {
        BitSet offline = parse(list);
        int count = offline.cardinality();
        offline.andNot(parse(online.strip()));
        if (!offline.isEmpty()) {
            throw new IllegalArgumentException("must be among the CPUs that are online, " + online.strip() + ", was "
                    + list + " with " + offline.nextSetBit(0));
        }
        return new SandboxCpus(list, count);
    }

    private static BitSet parse(String list) {
        BitSet cpus = new BitSet();
        for (String text : list.split(",", -1)) {
            Matcher part = PART.matcher(text);
            if (!part.matches()) {
                throw notAList(list);
            }
            int first = Integer.parseInt(part.group(1));
            int last = part.group(2) == null ? first : Integer.parseInt(part.group(2));
            if (last < first) {
                throw notAList(list);
            }
            cpus.set(first, last + 1);
        }
        return cpus;
    }

    private static IllegalArgumentException notAList(String list) {
        return new IllegalArgumentException("must be a list of CPUs such as 1-7 or 2,4-6, was \"" + list + "\"");
    }
}
