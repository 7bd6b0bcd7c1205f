package dev.landlord.runtime.network;

import dev.landlord.runtime.Ipv4;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The link of one sandbox: everything about it follows from its address.
 *
 * @param address of the sandbox
 */
record Link(Ipv4 address) {
    /** Of all our interfaces on the host; "LL". */
    static final int GROUP = 0x4c4c;

    private static final String PREFIX = "ll";
    /** Above what the kernel gives by itself, which counts from 1. */
    private static final int INDEX_BASE = 0x4000_0000;

    /** Of the end on the host: unique, because the address is, and not longer than IFNAMSIZ allows. */
    String name() {
        return PREFIX + HexFormat.of().toHexDigits(address.bits());
    }

    /** Of the end on the host. Chosen by us, so that the route over it can be in the same batch. */
    int index() {
        return INDEX_BASE | (address.bits() & 0x00ff_ffff);
    }

    /**
     * Of both ends. With address resolution off, the kernel sends to its own address: so the other end must have the same.
     */
    byte[] mac() {
        return ByteBuffer.allocate(6)
                .put((byte) 2)
                .put((byte) 'L')
                .putInt(address.bits())
                .array();
    }

    /** The link whose host end has this name, if the name is one of ours. */
    static Optional<Link> named(String name) {
        if (!name.matches(PREFIX + "[0-9a-f]{8}")) {
            return Optional.empty();
        }
        return Optional.of(new Link(new Ipv4(HexFormat.fromHexDigits(name.substring(PREFIX.length())))));
    }
}
