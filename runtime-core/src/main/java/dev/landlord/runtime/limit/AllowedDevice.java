package dev.landlord.runtime.limit;

import java.util.List;

/**
 * A character device that a sandbox may open: null, zero, full, random, urandom, tty, console, ptmx and the pseudo terminals;
 * nothing else has a use inside.
 *
 * @param minor {@link #ANY} for all of them
 */
record AllowedDevice(int major, int minor) {
    static final int ANY = -1;

    static final List<AllowedDevice> ALL = List.of(
            new AllowedDevice(1, 3),
            new AllowedDevice(1, 5),
            new AllowedDevice(1, 7),
            new AllowedDevice(1, 8),
            new AllowedDevice(1, 9),
            new AllowedDevice(5, 0),
            new AllowedDevice(5, 1),
            new AllowedDevice(5, 2),
            new AllowedDevice(136, ANY));

    /** As version 1 writes and shows them. */
    static List<String> lines() {
        return ALL.stream()
                .map(device -> "c " + device.major + ":" + (device.minor == ANY ? "*" : device.minor) + " rwm")
                .toList();
    }
}
