package dev.landlord.runtime;

/**
 * Time that one sandbox lost by waiting, in microseconds since it was made; see the kernel's PSI. {@code some}: at least one
 * of its threads waited; {@code full}: all of them did.
 */
public record PressureStall(
        long cpuSomeMicros,
        long cpuFullMicros,
        long memorySomeMicros,
        long memoryFullMicros,
        long ioSomeMicros,
        long ioFullMicros) {
    /** Also where the kernel does not count it. */
    public static final PressureStall NONE = new PressureStall(0, 0, 0, 0, 0, 0);
}
