package dev.landlord.runtime;

/**
 * A block of host user and group ids that belongs to one owner alone. Id n inside is {@code base + n} outside.
 *
 * @param base first host id, at least 65,536
 * @param size number of ids, 65,536 for tenants
 */
public record IdBlock(long base, long size) {
    public static final long DEFAULT_SIZE = 65_536;

    public IdBlock {
        if (base < 65_536 || size < 1 || base + size > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("IdBlock must lie within 65536..4294967294, was " + base + "+" + size);
        }
    }
}
