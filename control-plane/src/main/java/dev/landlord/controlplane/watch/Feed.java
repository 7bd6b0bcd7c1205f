package dev.landlord.controlplane.watch;

import java.util.List;

/** What a stream tells. Used by one thread. */
public interface Feed {
    /**
     * What is new since the call before; all there is at the first one.
     *
     * @param index the revision of the store before it is read
     */
    Batch next(long index);

    /**
     * Some events of a stream.
     *
     * @param more whether others can be had without waiting
     */
    record Batch(List<Frame> frames, boolean more) {
        public Batch {
            frames = List.copyOf(frames);
        }
    }
}
