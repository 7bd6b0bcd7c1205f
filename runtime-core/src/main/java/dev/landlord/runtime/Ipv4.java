package dev.landlord.runtime;

import java.util.regex.Pattern;

/**
 * An IPv4 address.
 *
 * @param bits in the order of the network, as one number
 */
public record Ipv4(int bits) implements Comparable<Ipv4> {
    private static final Pattern RULE =
            Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");

    /** @throws IllegalArgumentException if it is not of the form 192.0.2.1 */
    public static Ipv4 parse(String text) {
        var parts = RULE.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("an IPv4 address looks like 192.0.2.1, was " + text);
        }
        int bits = 0;
        for (int i = 1; i <= 4; i++) {
            int part = Integer.parseInt(parts.group(i));
            if (part > 255) {
                throw new IllegalArgumentException("the parts of an IPv4 address are 0 to 255, was " + text);
            }
            bits = bits << 8 | part;
        }
        return new Ipv4(bits);
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }
}
