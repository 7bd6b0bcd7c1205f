package dev.landlord.controlplane.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** What differs between the databases that can hold the store. Thread-safe. */
interface Engine extends AutoCloseable {
    /** Brings the schema up to date, and refuses a database whose settings would break a promise of the store. */
    void prepare() throws SQLException;

    Connection openWriter() throws SQLException;

    /** A connection that cannot write. */
    Connection openReader() throws SQLException;

    /**
     * Begins a transaction during which nobody else writes, in no replica, and returns the revision of the last commit.
     * So what a task reads is true until its commit.
     */
    long beginWrite(Session session) throws SQLException;

    /** Begins a transaction that sees one snapshot. */
    void beginRead(Session session) throws SQLException;

    /** A number that grows with each row changed by the current transaction. */
    long changes(Session session) throws SQLException;

    /** To be done in the transaction that makes the revision. */
    void announce(Session session, long revision) throws SQLException;

    /** Writes one snapshot of everything into an empty file; writes go on meanwhile. */
    void copyTo(Path file) throws SQLException;

    /** The time by the clock of the database, epoch milliseconds, as an expression of SQL. */
    String clock();

    /** What hears of the commits of other replicas, where there can be any. */
    Optional<CommitFeed> feed(Commits commits);

    /** Lets another process have the database. */
    @Override
    void close();
}
