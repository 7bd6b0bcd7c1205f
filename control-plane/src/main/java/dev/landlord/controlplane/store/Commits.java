package dev.landlord.controlplane.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who asked for it of each new revision once, be it of this process or of another replica. Thread-safe: when a
 * call returns, everybody was told.
 */
final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    private final List<LongConsumer> ofAll = new CopyOnWriteArrayList<>();
    private final List<LongConsumer> ofOthers = new CopyOnWriteArrayList<>();
    private long revision;

    Commits(long revision) {
        this.revision = revision;
    }

    synchronized long revision() {
        return revision;
    }

    void onCommit(LongConsumer listener) {
        ofAll.add(listener);
    }

    void onCommitOfOthers(LongConsumer listener) {
        ofOthers.add(listener);
    }

    /** The writer of this process committed. Revisions between the last known one and this one are of other replicas. */
    synchronized void ours(long committed) {
        if (committed > revision + 1) {
            tell(ofOthers, committed);
        }
        raise(committed);
    }

    /** Another replica committed, or it cannot be told who; nothing happens if that is known. */
    synchronized void others(long committed) {
        if (committed > revision) {
            tell(ofOthers, committed);
        }
        raise(committed);
    }

    private void raise(long committed) {
        if (committed > revision) {
            revision = committed;
            tell(ofAll, committed);
        }
    }

    private static void tell(List<LongConsumer> listeners, long committed) {
        for (LongConsumer listener : listeners) {
            try {
                listener.accept(committed);
            } catch (RuntimeException | Error failure) {
                LOG.error("A listener of commits failed at revision {}", committed, failure);
            }
        }
    }
}
