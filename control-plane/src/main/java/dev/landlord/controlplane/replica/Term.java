package dev.landlord.controlplane.replica;

import dev.landlord.controlplane.store.Database;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The right to schedule, for as long as nobody else has taken it. Thread-safe. */
public final class Term {
    private final Database database;
    private final String holder;
    private final long epoch;
    private volatile long untilNanos;

    Term(Database database, String holder, long epoch, long untilNanos) {
        this.database = database;
        this.holder = holder;
        this.epoch = epoch;
        this.untilNanos = untilNanos;
    }

    /** Grows with each term, whoever holds it. */
    public long epoch() {
        return epoch;
    }

    /**
     * Writes by right of this term. Who takes the term writes too, and there is one writer at a time over all replicas: the
     * check holds until the commit.
     *
     * @throws DeposedException if another one has taken it, and then nothing is written
     */
    public <T extends @Nullable Object> T write(Function<JdbcClient, T> work) {
        return database.write(writer -> {
            require(writer);
            return work.apply(writer);
        });
    }

    private void require(JdbcClient writer) {
        long held = writer.sql("SELECT COUNT(*) FROM leader WHERE holder = ? AND epoch = ?")
                .params(holder, epoch)
                .query(Long.class)
                .single();
        if (held != 1) {
            throw new DeposedException(epoch);
        }
    }

    /** Whether nobody can have taken it yet, as far as this process knows. */
    boolean lasts(long nowNanos) {
        return untilNanos - nowNanos > 0;
    }

    void extend(long toNanos) {
        untilNanos = toNanos;
    }
}
