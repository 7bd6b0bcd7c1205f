package dev.landlord.runtime;

/**
 * What a host may have verified by trying. Kept and sent by its name, so that versions may know different ones; sizes of
 * huge pages have a name each, see {@link #hugePages}.
 */
public enum Capability {
    CPU_WEIGHT("cpu.weight"),
    CPU_MAX("cpu.max"),
    CPU_BURST("cpu.burst"),
    CPUSET("cpuset"),
    MEMORY_MAX("memory.max"),
    /** A sandbox may have swap, and no more of it than it was given. Without this it has none. */
    MEMORY_SWAP("memory.swap"),
    /** Out of memory, the whole sandbox is killed and not one process of it. */
    MEMORY_OOM_GROUP("memory.oom.group"),
    PIDS_MAX("pids.max"),
    /** Reads of a block device that the page cache does not answer. */
    IO_READ("io.read"),
    /** Writes that the program waits for: direct, or synced. */
    IO_DIRECT("io.direct"),
    /** Also writes that the kernel carries out later. Version 2 alone. */
    IO_BUFFERED("io.buffered"),
    IO_WEIGHT("io.weight"),
    DEVICES("devices"),
    FREEZER("freezer"),
    /** Time lost by waiting, of each sandbox: {@link Usage#pressure}. */
    PRESSURE("pressure"),
    USERNS("userns"),
    OVERLAY_IDMAP("overlay.idmap"),
    SECCOMP("seccomp"),
    /** Somebody may sit in front of a sandbox's own program: {@link SandboxRuntime#attach}. */
    CONSOLE("console"),
    /** A sandbox ends with the lease of its host, whatever becomes of the agent: {@link SandboxSpec#leaseTerm}. */
    LEASE("lease"),
    NETWORK("network");

    private final String wireName;

    Capability(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** @param size as in {@link Limits.HugePages} */
    public static String hugePages(String size) {
        return "hugetlb." + size;
    }
}
