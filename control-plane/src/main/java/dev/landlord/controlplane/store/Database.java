package dev.landlord.controlplane.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The store. All methods are thread-safe and may be called from virtual threads: the work itself always runs on the
 * store's own platform threads.
 *
 * <p>Work must be short, must not wait for anything, must not keep the {@link JdbcClient}, and must not call the database
 * again: nested use throws {@link IllegalStateException}.
 */
public final class Database implements AutoCloseable {
    private static final int READERS = 3;

    private final Engine engine;
    private final Commits commits;
    private final Writer writer;
    private final Readers readers;
    private final Optional<CommitFeed> feed;
    private final String incarnation;
    private final List<Supplier<Optional<Consumer<JdbcClient>>>> companions = new CopyOnWriteArrayList<>();

    private Database(Engine engine, Session writing, Meta meta) {
        this.engine = engine;
        this.commits = new Commits(meta.revision());
        this.writer = new Writer(engine, writing, commits);
        this.readers = new Readers(engine, READERS);
        this.feed = engine.feed(commits);
        this.incarnation = meta.incarnation();
    }

    /**
     * Opens the store and migrates it; a file is made 0600 if it is missing.
     *
     * @throws StoreUnavailableException if it cannot be had, or another replica has the file
     */
    public static Database open(StoreLocation location) {
        Engine engine = engine(location);
        Session writing = new Session(engine::openWriter);
        try {
            engine.prepare();
            Database database = new Database(engine, writing, Meta.load(writing, newIncarnation()));
            database.start();
            return database;
        } catch (SQLException | RuntimeException failure) {
            writing.close();
            engine.close();
            throw new StoreUnavailableException("store: open " + engine + ": " + failure.getMessage(), failure);
        }
    }

    private static Engine engine(StoreLocation location) {
        return switch (location) {
            case StoreLocation.Sqlite sqlite -> new SqliteEngine(sqlite.file());
            case StoreLocation.Postgres postgres -> new PostgresEngine(postgres);
        };
    }

    private void start() {
        readers.start();
        writer.start();
        feed.ifPresent(CommitFeed::start);
    }

    /** Runs the work on one consistent snapshot. It cannot write. */
    public <T extends @Nullable Object> T read(Function<JdbcClient, T> work) {
        requireOutside();
        return readers.submit(work);
    }

    /**
     * Runs the work inside a transaction and returns when it is durable. If it throws, nothing of it stays and the caller
     * gets the exception. If it changed no row, the revision stays.
     *
     * @throws StoreUnavailableException if the queue is full, the disk refused or the store is closing
     */
    public <T extends @Nullable Object> T write(Function<JdbcClient, T> work) {
        requireOutside();
        return writer.submit(new Task<>(work, false, companion()));
    }

    /**
     * Asks, on the caller's thread at each {@link #write}, for what is to be written in the same transaction if the work
     * changes a row. If that fails, the work failed. Several sources are asked in the order in which they came.
     */
    public void accompanyChanges(Supplier<Optional<Consumer<JdbcClient>>> source) {
        companions.add(source);
    }

    private Optional<Consumer<JdbcClient>> companion() {
        return companions.stream().flatMap(source -> source.get().stream()).reduce(Consumer::andThen);
    }

    /**
     * The same for what nobody watches: the revision stays, and nobody is woken. It is not for what an answer of the API or
     * a decision may depend on at once.
     */
    public <T extends @Nullable Object> T writeQuietly(Function<JdbcClient, T> work) {
        requireOutside();
        return writer.submit(new Task<>(work, true, Optional.empty()));
    }

    /** The time by the clock that all replicas share, epoch milliseconds. */
    public long now(JdbcClient client) {
        return client.sql("SELECT " + engine.clock()).query(Long.class).single();
    }

    /** The revision of the last commit of all replicas, within a read or a write. */
    public long revision(JdbcClient client) {
        return client.sql(Meta.REVISION).query(Long.class).single();
    }

    /** The revision of the last commit known here: 0 or more; grows by one with each commit that changed something. */
    public long revision() {
        return commits.revision();
    }

    /**
     * Calls with the new revision after each commit that changed something, on a thread of the store: return at once.
     * Commits of other replicas may be told of together, and up to a second late.
     */
    public void onCommit(LongConsumer listener) {
        commits.onCommit(listener);
    }

    /** Calls likewise after commits of other replicas only. */
    public void onCommitOfOthers(LongConsumer listener) {
        commits.onCommitOfOthers(listener);
    }

    /** Whether other replicas may use the same database. */
    public boolean isShared() {
        return feed.isPresent();
    }

    /**
     * Writes one snapshot of everything into an empty file, which is not synced then. Not for virtual threads.
     *
     * @throws UnsupportedOperationException if it is shared
     */
    public void copyTo(Path file) throws SQLException {
        requireOutside();
        engine.copyTo(file);
    }

    /** How many writes wait for the writer now. */
    public int waitingWrites() {
        return writer.waiting();
    }

    /** Random id of this database's life, fit for {@code Generation.incarnation}. */
    public String incarnation() {
        return incarnation;
    }

    @Override
    public void close() {
        try {
            feed.ifPresent(CommitFeed::close);
            writer.close();
            readers.close();
        } finally {
            engine.close();
        }
    }

    private void requireOutside() {
        if (writer.isCurrentThread() || readers.isCurrentThread()) {
            throw new IllegalStateException("nested use of the database: use the client that the work was given");
        }
    }

    /** Random, and never the same twice. */
    public static String newIncarnation() {
        return "db-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
