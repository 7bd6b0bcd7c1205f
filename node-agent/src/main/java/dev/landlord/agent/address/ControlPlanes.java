package dev.landlord.agent.address;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The control planes of one installation, of which any will do. Keeps to the one that answers, and goes round when it does not;
 * how long to wait before the next try is the caller's business. Thread-safe.
 */
public final class ControlPlanes {
    private final List<URI> all;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * In an order of this host's own, so that a thousand agents do not all go to the same one, neither at first nor after a loss.
     *
     * @param urls {@code https://HOST:PORT}, one at least
     */
    public ControlPlanes(List<URI> urls, RandomGenerator random) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("there must be a control plane");
        }
        List<URI> shuffled = new ArrayList<>(urls);
        Collections.shuffle(shuffled, random);
        all = List.copyOf(shuffled);
    }

    /** One that has no others. */
    public static ControlPlanes only(URI url) {
        return new ControlPlanes(List.of(url), RandomGenerator.getDefault());
    }

    /** The one to ask now. */
    public URI current() {
        return at(turn.get());
    }

    /**
     * It did not answer as one that works. Of several calls that fail at the same one, only the first goes on to the next.
     *
     * @param asked the URI of the call
     */
    public void failed(URI asked) {
        int now = turn.get();
        if (at(now).getAuthority().equals(asked.getAuthority())) {
            turn.compareAndSet(now, now + 1);
        }
    }

    public boolean areSeveral() {
        return all.size() > 1;
    }

    private URI at(int number) {
        return all.get(Math.floorMod(number, all.size()));
    }
}
