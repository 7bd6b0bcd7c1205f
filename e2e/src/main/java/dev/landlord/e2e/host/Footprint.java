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
    boolean owns(long uid) {
        return uid >= firstId && uid < firstId + idCount;
    }
}
