package dev.landlord.agent.diff;

import org.jspecify.annotations.Nullable;

/**
 * The right of this host to run what must not run twice.
 *
 * @param term how often it has begun anew
 */
public record LeaseView(boolean holds, long term) {
    /**
     * Whether what was given to this host in that term may be begun. After a gap nobody here knows what else was begun elsewhere
     * meanwhile, so that a new term is none of what was given in the one before.
     *
     * @param leaseTerm null if no lease bounds it
     */
    boolean covers(@Nullable Long leaseTerm) {
        return leaseTerm == null || (holds && leaseTerm == term);
    }
}
