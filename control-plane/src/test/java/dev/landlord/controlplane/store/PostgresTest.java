package dev.landlord.controlplane.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What holds when several replicas share one database of PostgreSQL. */
@ExtendWith(TestStores.Extension.class)
class PostgresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WRITES = 200;

    private TestStores stores;
    private StoreLocation.Postgres place;
    private Database first;
    private Database second;

    @BeforeEach
    void open(TestStores given) {
        stores = given;
        place = given.postgres("shared");
        first = Database.open(place);
        second = Database.open(place);
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void serveTogetherAsOneDatabase() {
        assertThat(first.isShared()).isTrue();
        assertThat(second.incarnation()).isEqualTo(first.incarnation());
        first.write(PostgresTest::increment);
        second.write(PostgresTest::increment);
        assertThat(first.<Long>read(PostgresTest::counter)).isEqualTo(2);
    }

    @Test
    void tellsEachOtherOfTheirCommits() {
        Set<Long> heard = ConcurrentHashMap.newKeySet();
        Set<Long> heardOfOthers = ConcurrentHashMap.newKeySet();
        second.onCommit(heard::add);
        second.onCommitOfOthers(heardOfOthers::add);
        first.write(PostgresTest::increment);
        await(() -> heard.contains(first.revision()) && heardOfOthers.contains(first.revision()));
        assertThat(second.revision()).isEqualTo(first.revision());
    }

    /** Each task reads before it writes: without the lock of the writer, increments would be lost. */
    @Test
    void writesOneAtATimeOverAllReplicas() throws Exception {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writes = new ArrayList<>();
            for (int index = 0; index < WRITES; index++) {
                Database replica = index % 2 == 0 ? first : second;
                writes.add(callers.submit(() -> replica.write(writer -> {
                    long read = counter(writer);
                    return writer.sql("UPDATE event_counter SET last = ?")
                            .param(read + 1)
                            .update();
                })));
            }
            for (Future<?> write : writes) {
                write.get();
            }
        }
        assertThat(first.<Long>read(PostgresTest::counter)).isEqualTo(WRITES);
        await(() -> first.revision() == second.revision());
        assertThat(first.revision())
                .isEqualTo(stores.number(place, "SELECT revision FROM meta"))
                .isLessThanOrEqualTo(WRITES);
    }

    @Test
    void goesOnAfterItsConnectionsBroke() throws Exception {
        first.write(PostgresTest::increment);
        stores.number(
                place,
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await(() -> answers(() -> first.write(PostgresTest::increment)));
        await(() -> answers(() -> first.read(PostgresTest::counter)));
        await(() -> answers(() -> second.read(PostgresTest::counter)));
        long before = second.revision();
        first.write(PostgresTest::increment);
        await(() -> second.revision() > before);
        assertThat(second.<Long>read(PostgresTest::counter)).isGreaterThanOrEqualTo(3);
    }

    /** A word of the database about itself is no fault of the work, and of nobody's here. */
    @Test
    void saysThatTheStoreCannotTakeItWhenTheDatabaseIsOutOfRoom() {
        assertThatThrownBy(() -> first.write(PostgresTest::outOfRoom))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("temporary file size exceeds");
        assertThatThrownBy(() -> first.read(PostgresTest::outOfRoom))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("temporary file size exceeds");
        first.write(PostgresTest::increment);
    }

    private static long outOfRoom(JdbcClient client) {
        client.sql("SET LOCAL work_mem = '64kB'").update();
        client.sql("SET LOCAL temp_file_limit = '64kB'").update();
        return client.sql("SELECT count(*) FROM (SELECT n FROM generate_series(1, 200000) AS n ORDER BY -n) AS sorted")
                .query(Long.class)
                .single();
    }

    /** The cable is pulled: no packet comes, not even one that ends the connection. */
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void givesUpADatabaseThatIsCutOffAndGoesOnWhenItIsBack() throws Exception {
        try (StallingProxy proxy = new StallingProxy(place.url());
                Database third =
                        Database.open(new StoreLocation.Postgres(proxy.url(), place.user(), place.password()))) {
            third.write(PostgresTest::increment);
            proxy.stall();
            assertThatThrownBy(() -> third.write(PostgresTest::increment))
                    .isInstanceOf(StoreUnavailableException.class);
            proxy.goOn();
            await(() -> {
                try {
                    return third.write(PostgresTest::increment) > 0;
                } catch (StoreUnavailableException notYet) {
                    return false;
                }
            });
        }
    }

    /** Such a version holds the lock exclusively, and would schedule without asking who leads. */
    @Test
    void refusesToServeBesideAVersionThatMustBeAlone() throws Exception {
        StoreLocation.Postgres other = stores.postgres("alone");
        try (Connection old = DriverManager.getConnection(other.url(), other.user(), other.password());
                Statement statement = old.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(7700)");
            assertThatThrownBy(() -> Database.open(other))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("is in use by a control plane of a version that must be alone");
        }
        await(() -> answers(() -> Database.open(other).close()));
    }

    /** A replica that stands still in the middle of a write: here its task, in the field the whole process. */
    @Test
    void doesNotWaitForEverForAReplicaThatStandsStill() throws Exception {
        CountDownLatch standing = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> stuck = callers.submit(() -> first.write(writer -> {
                increment(writer);
                standing.countDown();
                return awaitQuietly(enough);
            }));
            assertThat(standing.await(30, TimeUnit.SECONDS)).isTrue();
            second.write(PostgresTest::increment);
            enough.countDown();
            assertThatThrownBy(stuck::get).hasCauseInstanceOf(StoreUnavailableException.class);
        }
        assertThat(second.<Long>read(PostgresTest::counter)).isEqualTo(1);
        assertThat(first.<Integer>write(PostgresTest::increment)).isEqualTo(1);
    }

    private static int increment(JdbcClient writer) {
        return writer.sql("UPDATE event_counter SET last = last + 1").update();
    }

    private static long counter(JdbcClient client) {
        return client.sql("SELECT last FROM event_counter").query(Long.class).single();
    }

    private static boolean answers(Runnable use) {
        try {
            use.run();
            return true;
        } catch (StoreUnavailableException broken) {
            return false;
        }
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
