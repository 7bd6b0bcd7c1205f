package dev.landlord.runtime;

/**
 * A range of addresses that agree in their first bits.
 *
 * @param first its lowest address
 * @param length bits that agree, 0 to 32
 */
public record Ipv4Prefix(Ipv4 first, int length) {
    public Ipv4Prefix {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("a prefix has a length of 0 to 32, was " + length);
        }
        if ((first.bits() & ~mask(length)) != 0) {
            throw new IllegalArgumentException(first + " has bits set behind its first " + length);
        }
    }

    /** @throws IllegalArgumentException if it is not of the form 192.0.2.0/24 */
    public static Ipv4Prefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,2}")) {
            throw new IllegalArgumentException("a prefix looks like 192.0.2.0/24, was " + text);
        }
        return new Ipv4Prefix(Ipv4.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    public static Ipv4Prefix of(Ipv4 address) {
        return new Ipv4Prefix(address, 32);
    }

    public boolean contains(Ipv4 address) {
        return (address.bits() & mask(length)) == first.bits();
    }

    public boolean contains(Ipv4Prefix other) {
        return length <= other.length && contains(other.first);
    }

    private static int mask(int length) {
        return length == 0 ? 0 : -1 << (32 - length);
    }

    @Override
    public String toString() {
        return first + "/" + length;
    }
}
