package dev.landlord.runtime.netlink;

import dev.landlord.runtime.Ipv4;

/**
 * The host's end of a sandbox's link. All of it follows from the address, so nothing has to be looked up or remembered.
 *
 * @param name of at most 15 characters
 * @param index chosen by us, so that the link and its route can be made in one go; the kernel counts its own from 1
 */
public record SandboxLink(String name, int index, Ipv4 address) {
    /** The interface group of all of them, by which the rules know what comes from a sandbox. */
    public static final int GROUP = 0x4c4c;

    /** Of those whose sandbox is gone, until they are too; nothing passes them any more. */
    public static final int DOOMED_GROUP = 0x4c4d;

    /** The kernel counts its own from 1 and does not come so far. */
    static final int FIRST_INDEX = 0x4000_0000;

    public static SandboxLink of(Ipv4 address) {
        return new SandboxLink(
                "ll%08x".formatted(address.bits()), FIRST_INDEX | (address.bits() & 0x3FFF_FFFF), address);
    }

    /** Of both ends: without ARP each side takes its own hardware address for that of the other. */
    byte[] hardwareAddress() {
        int bits = address.bits();
        return new byte[] {2, 0x4c, (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }
}
