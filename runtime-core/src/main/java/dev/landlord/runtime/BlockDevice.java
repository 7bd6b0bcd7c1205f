package dev.landlord.runtime;

/**
 * A whole block device, as limits of disk traffic need it: the kernel refuses partitions.
 *
 * @param name as in {@code /sys/block}, such as {@code vda}
 */
public record BlockDevice(int major, int minor, String name) {}
