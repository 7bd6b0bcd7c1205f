package dev.landlord.controlplane.replica;

import dev.landlord.controlplane.replica.TermRule.Move;
import dev.landlord.controlplane.store.Database;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whether this replica leads. Readable by anyone at any time; {@link #beat} and {@link #resign} are for one thread. */
public final class Leadership {
    static final long TERM_MILLIS = 3000;

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private final Database database;
    private final String self;
    private final TermRule rule;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Term term;
    private volatile long epoch;
    private final AtomicLong takeovers = new AtomicLong();
    private @Nullable LeaderRow seen;
    private long seenSinceNanos;

    /**
     * What can be told of it.
     *
     * @param leads this replica schedules
     * @param epoch of the newest term that it knows, 0 if none
     * @param takeovers how often it began to lead
     */
    public record Role(boolean leads, long epoch, long takeovers) {
        /** {@code leader} or {@code follower}. */
        public String wire() {
            return leads ? "leader" : "follower";
        }
    }

    Leadership(Database database, String self, long termMillis) {
        this.database = database;
        this.self = self;
        this.rule = new TermRule(self, !database.isShared(), termMillis);
    }

    /** The right to schedule; empty while another has it, and while it cannot be known whether another has. */
    public Optional<Term> term() {
        return Optional.ofNullable(term).filter(held -> rule.alone() || held.lasts(System.nanoTime()));
    }

    public Role role() {
        return new Role(term().isPresent(), epoch, takeovers.get());
    }

    /** Calls after each change of the role, on the thread of the beats: return at once, throw nothing. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** A write was refused. */
    public synchronized void deposed(Term refused) {
        if (refused.equals(term)) {
            become(null);
        }
    }

    /**
     * Renews, takes or leaves alone, within the caller's write.
     *
     * @param beganNanos when the caller began: our own clock must run out before that of the database
     * @return what is to be done when it is durable; it says for how many milliseconds there is nothing to do
     */
    Settlement beat(JdbcClient writer, long now, long beganNanos) {
        LeaderRow row = read(writer);
        remember(row, beganNanos);
        long unchangedMillis = TimeUnit.NANOSECONDS.toMillis(beganNanos - seenSinceNanos);
        Move move = rule.decide(row, now, unchangedMillis);
        LeaderRow next = switch (move) {
            case Move.Renew renew -> new LeaderRow(self, row.epoch(), renew.until());
            case Move.Take take -> new LeaderRow(self, take.epoch(), take.until());
            case Move.Stay unused -> row;
        };
        if (!next.equals(row)) {
            write(writer, next);
        }
        return () -> settle(move, next, beganNanos);
    }

    /** To be called once the beat is durable. Returns after how many milliseconds another beat may change something. */
    interface Settlement {
        long settle();
    }

    private void remember(LeaderRow row, long nowNanos) {
        if (!row.equals(seen)) {
            seen = row;
            seenSinceNanos = nowNanos;
        }
    }

    private synchronized long settle(Move move, LeaderRow row, long beganNanos) {
        remember(row, beganNanos);
        epoch = row.epoch();
        long untilNanos = beganNanos + TimeUnit.MILLISECONDS.toNanos(rule.termMillis());
        switch (move) {
            case Move.Renew unused -> extend(row, untilNanos);
            case Move.Take unused -> {
                takeovers.incrementAndGet();
                become(new Term(database, self, row.epoch(), untilNanos));
            }
            case Move.Stay unused -> follow(row);
        }
        return move instanceof Move.Stay stay ? stay.millis() : Long.MAX_VALUE;
    }

    /** Nothing is left to extend after a write was refused for another reason than the row; then the term is known anew. */
    private void extend(LeaderRow row, long untilNanos) {
        Term held = term;
        if (held == null) {
            become(new Term(database, self, row.epoch(), untilNanos));
        } else {
            held.extend(untilNanos);
        }
    }

    private void follow(LeaderRow row) {
        Term held = term;
        if (held != null && !row.holder().equals(self)) {
            become(null);
        }
    }

    private void become(@Nullable Term next) {
        term = next;
        if (next == null) {
            LOG.info("Another control plane leads; this one follows");
        } else {
            LOG.info("Leads; epoch {}", next.epoch());
        }
        listeners.forEach(Runnable::run);
    }

    /** Lets another begin at once. */
    synchronized void resign(JdbcClient writer) {
        Term held = term;
        if (held != null) {
            writer.sql("UPDATE leader SET held_until = 0 WHERE holder = ? AND epoch = ?")
                    .params(self, held.epoch())
                    .update();
        }
    }

    /** The next beat begins a new term. */
    synchronized void forget() {
        term = null;
    }

    private static LeaderRow read(JdbcClient client) {
        return client.sql("SELECT holder, epoch, held_until FROM leader WHERE id = 1")
                .query((row, number) -> new LeaderRow(row.getString(1), row.getLong(2), row.getLong(3)))
                .single();
    }

    private static void write(JdbcClient writer, LeaderRow row) {
        writer.sql("UPDATE leader SET holder = ?, epoch = ?, held_until = ? WHERE id = 1")
                .params(row.holder(), row.epoch(), row.until())
                .update();
    }
}
