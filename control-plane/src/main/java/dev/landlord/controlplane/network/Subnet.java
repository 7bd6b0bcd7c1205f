package dev.landlord.controlplane.network;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prefix of IPv4.
 *
 * @param first its lowest address as a number, 0 to 2^32 - 1
 * @param prefix number of leading bits that all its addresses have in common, 0 to 32
 */
public record Subnet(long first, int prefix) {
    /** The lowest number of an address that is given out; 0 is the network itself, 1 is kept for the node. */
    public static final int FIRST_HOST = 2;

    private static final Pattern ADDRESS =
            Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");

    public Subnet {
        if (prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException("the prefix must be between 0 and 32, was " + prefix);
        }
        long size = 1L << (32 - prefix);
        if (first < 0 || first + size > 1L << 32 || first % size != 0) {
            throw new IllegalArgumentException(text(first) + " is not the first address of a /" + prefix);
        }
    }

    /** Parses {@code 100.64.0.0/10}; throws {@link IllegalArgumentException} that names the rule. */
    public static Subnet parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,2}")) {
            throw new IllegalArgumentException("must have the form 10.0.0.0/8, was " + text);
        }
        long address = address(text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException("must begin with an IPv4 address, was " + text));
        return new Subnet(address, Integer.parseInt(text.substring(slash + 1)));
    }

    /** From the lowest and the highest address. */
    public static Subnet between(long first, long last) {
        return new Subnet(first, 32 - Long.numberOfTrailingZeros(last - first + 1));
    }

    /** The number of an IPv4 address in dotted form; empty if the text is none. */
    public static Optional<Long> address(String text) {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long address = 0;
        for (int part = 1; part <= 4; part++) {
            int value = Integer.parseInt(parts.group(part));
            if (value > 255) {
                return Optional.empty();
            }
            address = address << 8 | value;
        }
        return Optional.of(address);
    }

    /** The dotted form of an address. */
    public static String text(long address) {
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    /** The lowest part of this size that overlaps nothing that is taken; empty when there is none. */
    public Optional<Subnet> lowestFree(int partPrefix, List<Subnet> taken) {
        long size = 1L << (32 - partPrefix);
        long candidate = first;
        while (candidate + size - 1 <= last()) {
            Subnet part = new Subnet(candidate, partPrefix);
            Optional<Subnet> inTheWay = taken.stream().filter(part::overlaps).findFirst();
            if (inTheWay.isEmpty()) {
                return Optional.of(part);
            }
            candidate = Math.ceilDiv(inTheWay.get().last() + 1, size) * size;
        }
        return Optional.empty();
    }

    public boolean overlaps(Subnet other) {
        return first <= other.last() && other.first <= last();
    }

    public boolean contains(Subnet other) {
        return first <= other.first && other.last() <= last();
    }

    public long last() {
        return first + (1L << (32 - prefix)) - 1;
    }

    /** The highest number of an address that is given out; the very last is the broadcast address. */
    public int lastHost() {
        return (int) Math.min(Integer.MAX_VALUE, last() - first - 1);
    }

    public long address(int host) {
        return first + host;
    }

    /** The number of an address within this prefix. */
    public int host(long address) {
        return (int) (address - first);
    }

    @Override
    public String toString() {
        return text(first) + "/" + prefix;
    }
}
