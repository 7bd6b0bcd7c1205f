package dev.landlord.controlplane.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

@ParameterizedClass
@EnumSource(StoreKind.class)
@ExtendWith(TestStores.Extension.class)
class DatabaseTest {
    @TempDir
    Path folder;

    private final StoreKind kind;

    private TestStores stores;
    private Database database;

    DatabaseTest(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start(TestStores given) {
        stores = given;
        database = open();
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void countsOneRevisionPerCommitThatChangedSomething() {
        assertThat(database.revision()).isZero();
        insert("a");
        assertThat(database.revision()).isEqualTo(1);
        database.write(writer ->
                writer.sql("UPDATE plan SET pids = 7 WHERE name = 'missing'").update());
        database.write(writer -> count(writer));
        assertThat(database.revision()).isEqualTo(1);
        insert("b");
        assertThat(database.revision()).isEqualTo(2);
        assertThat(database.<Long>read(reader -> reader.sql("SELECT revision FROM meta")
                        .query(Long.class)
                        .single()))
                .isEqualTo(2);
    }

    @Test
    void tellsListenersTheNewRevisionBeforeItAnswers() {
        List<Long> heard = new CopyOnWriteArrayList<>();
        database.onCommit(heard::add);
        insert("a");
        assertThat(heard).containsExactly(1L);
        database.write(DatabaseTest::count);
        assertThat(heard).containsExactly(1L);
    }

    @Test
    void quietWriteStaysAndWakesNobody() {
        List<Long> heard = new CopyOnWriteArrayList<>();
        database.onCommit(heard::add);
        insertQuietly("quiet");
        assertThat(names()).containsExactly("quiet");
        assertThat(database.revision()).isZero();
        assertThat(heard).isEmpty();
        insert("loud");
        insertQuietly("again");
        assertThat(heard).containsExactly(1L);
        assertThat(database.<Long>read(database::revision)).isEqualTo(1);
        assertThat(names()).containsExactlyInAnyOrder("quiet", "loud", "again");
    }

    @Test
    void tellsTheTimeByItsOwnClock() {
        long before = System.currentTimeMillis();
        long told = database.<Long>read(database::now);
        assertThat(told).isBetween(before - 1000, System.currentTimeMillis() + 1000);
    }

    @Test
    void goesOnWhenAListenerFails() {
        database.onCommit(revision -> {
            throw new IllegalStateException("listener");
        });
        insert("a");
        insert("b");
        assertThat(database.revision()).isEqualTo(2);
    }

    @Test
    void goesOnWhenAListenerRunsOutOfMemory() throws Exception {
        database.onCommit(revision -> {
            throw new OutOfMemoryError("planted");
        });
        assertThat(CompletableFuture.runAsync(() -> insert("a"))).succeedsWithin(Duration.ofSeconds(20));
        assertThat(CompletableFuture.runAsync(() -> insert("b"))).succeedsWithin(Duration.ofSeconds(20));
        assertThat(names()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void takesBackAllOfATaskThatFailsAndGivesItsExceptionToItsCaller() {
        assertThatThrownBy(() -> database.write(writer -> {
                    insert(writer, "half");
                    throw new IllegalArgumentException("mine");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mine");
        assertThat(names()).isEmpty();
        assertThat(database.revision()).isZero();
    }

    @Test
    void commitsTheOthersOfABatchWhenOneFails() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            // Holds the writer until the rest waits, so that they share one transaction.
            CountDownLatch started = new CountDownLatch(1);
            Future<?> first = callers.submit(() -> database.write(writer -> {
                started.countDown();
                return await(queued);
            }));
            started.await();
            List<Future<?>> good = new ArrayList<>();
            Future<?> bad = callers.submit(() -> database.write(writer -> {
                insert(writer, "bad");
                throw new IllegalArgumentException("bad");
            }));
            for (int index = 0; index < 20; index++) {
                String name = "p" + index;
                good.add(callers.submit(() -> insert(name)));
            }
            while (database.waitingWrites() < 21) {
                Thread.onSpinWait();
            }
            queued.countDown();
            first.get();
            for (Future<?> future : good) {
                future.get();
            }
            assertThatThrownBy(bad::get).hasRootCauseMessage("bad");
        }
        assertThat(names()).hasSize(20).doesNotContain("bad");
        // One transaction for all that waited.
        assertThat(database.revision()).isEqualTo(1);
    }

    @Test
    void readsOneSnapshotThroughoutARead() throws Exception {
        insert("a");
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Integer>> counts = callers.submit(() -> database.read(reader -> {
                int before = count(reader);
                started.countDown();
                await(written);
                return List.of(before, count(reader));
            }));
            started.await();
            insert("b");
            written.countDown();
            assertThat(counts.get()).containsExactly(1, 1);
        }
        assertThat(database.<Integer>read(DatabaseTest::count)).isEqualTo(2);
    }

    @Test
    void refusesToWriteInARead() {
        assertThatThrownBy(() -> database.read(reader -> {
                    insert(reader, "a");
                    return 0;
                }))
                .isInstanceOf(DataAccessException.class);
        assertThat(names()).isEmpty();
    }

    @Test
    void refusesNestedUseInsteadOfWaitingForItself() {
        assertThatThrownBy(() -> database.write(writer -> database.read(DatabaseTest::count)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> database.read(reader -> database.write(DatabaseTest::count)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void worksOnPlatformThreadsOnly() {
        AtomicReference<@Nullable Thread> writing = new AtomicReference<>();
        AtomicReference<@Nullable Thread> reading = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            database.write(writer -> {
                writing.set(Thread.currentThread());
                return 0;
            });
            database.read(reader -> {
                reading.set(Thread.currentThread());
                return 0;
            });
        });
        join(caller);
        assertThat(writing.get()).isNotNull().matches(thread -> !thread.isVirtual());
        assertThat(reading.get()).isNotNull().matches(thread -> !thread.isVirtual());
    }

    @Test
    void keepsRevisionAndIncarnationOverAReopening() throws Exception {
        insert("a");
        String incarnation = database.incarnation();
        assertThat(incarnation).matches("db-[0-9a-f]{16}");
        database.close();
        database = open();
        assertThat(database.incarnation()).isEqualTo(incarnation);
        assertThat(database.revision()).isEqualTo(1);
        insert("b");
        assertThat(database.revision()).isEqualTo(2);
    }

    @Test
    void givesAnotherDatabaseAnotherIncarnation() throws Exception {
        try (Database other = Database.open(stores.place(kind, folder, "other"))) {
            assertThat(other.incarnation()).isNotEqualTo(database.incarnation());
        }
    }

    @Test
    void refusesWorkAfterItWasClosed() throws Exception {
        database.close();
        assertThatThrownBy(() -> insert("late")).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(this::names).isInstanceOf(StoreUnavailableException.class);
        database = open();
    }

    @Test
    void refusesAValueOfAnotherTypeThanItsColumn() {
        assertThatThrownBy(() ->
                        database.write(writer -> writer.sql("INSERT INTO event_counter (id, last) VALUES (1, 'x')")
                                .update()))
                .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> database.write(writer ->
                        writer.sql("UPDATE meta SET revision = 'many'").update()))
                .isInstanceOf(DataAccessException.class);
    }

    private Database open() {
        return Database.open(stores.place(kind, folder, "test"));
    }

    private void insertQuietly(String name) {
        database.writeQuietly(writer -> {
            insert(writer, name);
            return true;
        });
    }

    private void insert(String name) {
        database.write(writer -> {
            insert(writer, name);
            return 0;
        });
    }

    private static void insert(JdbcClient writer, String name) {
        writer.sql("INSERT INTO plan (name, cpu_millis, cpu_weight, memory_bytes, pids, disk_bytes, inodes, priority,"
                        + " trust_class) VALUES (?, 1, 1, 1, 1, 1, 1, 1, 'x')")
                .param(name)
                .update();
    }

    private static int count(JdbcClient client) {
        return client.sql("SELECT count(*) FROM plan").query(Integer.class).single();
    }

    private List<String> names() {
        return database.read(reader ->
                reader.sql("SELECT name FROM plan").query(String.class).list());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
