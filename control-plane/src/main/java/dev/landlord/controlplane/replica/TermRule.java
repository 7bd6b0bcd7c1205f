package dev.landlord.controlplane.replica;

/**
 * Whose turn it is. Pure.
 *
 * @param self id of this replica
 * @param alone no other replica can use the database, so that nothing has to be renewed
 * @param termMillis length of a term
 */
record TermRule(String self, boolean alone, long termMillis) {
    /** What to do with the row. */
    sealed interface Move {
        /** The term is ours, and goes on until then. */
        record Renew(long until) implements Move {}

        /** A new term, ours. */
        record Take(long epoch, long until) implements Move {}

        /** Nothing for so long. */
        record Stay(long millis) implements Move {}
    }

    /**
     * Decides. A term of our own that has ended is taken anew and not renewed: meanwhile nobody listened for nodes.
     *
     * @param now by the clock of the database, epoch milliseconds
     * @param unchangedMillis for how long this replica has seen the row as it is, by a clock that does not jump: the
     *     database's clock may have been set back, and then the end of a dead leader's term would be far away
     */
    Move decide(LeaderRow row, long now, long unchangedMillis) {
        boolean ours = row.holder().equals(self);
        if (alone) {
            return ours ? new Move.Stay(Long.MAX_VALUE) : new Move.Take(row.epoch() + 1, now + termMillis);
        }
        boolean over = row.until() <= now || unchangedMillis >= termMillis;
        if (over) {
            return new Move.Take(row.epoch() + 1, now + termMillis);
        }
        return ours
                ? new Move.Renew(now + termMillis)
                : new Move.Stay(Math.min(row.until() - now, termMillis - unchangedMillis));
    }
}
