package dev.landlord.e2e.host;

import java.nio.file.Path;

/**
 * By what an end-to-end run can be told from everything else on the host.
 *
 * @param scratch directory that holds all of its files; removed at its end
 * @param cgroupRoot name of its subtree in every hierarchy
 * @param firstId first of the host ids that its sandboxes use
 * @param idCount number of those ids
 */
public record Footprint(Path scratch, String cgroupRoot, long firstId, long idCount) {
    /** Ids that a tenant has on a host. */
    public static final long ID_BLOCK = 65_536;

    private static final int BLOCKS = 64;
    private static final int RUNS = 256;
    private static final long RUNS_BASE = 0x8000_0000L;

    /** Names and ids that no other run on this host has at this time: they come from the number of this process. */
    public static Footprint of(String kind, Path scratch) {
        long pid = ProcessHandle.current().pid();
        long idCount = BLOCKS * ID_BLOCK;
        return new Footprint(scratch, kind + "-" + pid, RUNS_BASE + pid % RUNS * idCount, idCount);
    }

    /** Tells the runs of one machine apart that are under way at the same time, 0 to 255. */
    public int number() {
        return (int) ((firstId - RUNS_BASE) / idCount);
    }

    /** First id of the last-but-n-th block, for sandboxes beside those of an agent, which counts from the first. */
    public long blockFromTheEnd(int number) {
        return firstId + idCount - (number + 1) * ID_BLOCK;
    }

    boolean owns(long uid) {
        return uid >= firstId && uid < firstId + idCount;
    }
}
