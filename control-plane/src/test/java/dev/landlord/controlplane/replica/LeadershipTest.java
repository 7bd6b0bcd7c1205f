package dev.landlord.controlplane.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two replicas of one database, whose beats come when a test says so. */
@Timeout(90)
@ExtendWith(TestStores.Extension.class)
class LeadershipTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SHORT_MILLIS = 5_000;
    private static final long LONG_MILLIS = 600_000;

    @TempDir
    Path folder;

    private final List<Database> open = new ArrayList<>();
    private TestStores stores;

    @BeforeEach
    void take(TestStores given) {
        stores = given;
    }

    @AfterEach
    void close() {
        open.forEach(Database::close);
    }

    private record Replica(Database database, Leadership leadership) {
        long beat() {
            long began = System.nanoTime();
            return database.writeQuietly(writer -> leadership.beat(writer, database.now(writer), began))
                    .settle();
        }

        Term term() {
            return leadership.term().orElseThrow();
        }

        boolean leads() {
            return leadership.role().leads();
        }
    }

    private Replica replica(StoreKind kind, String id, long termMillis) {
        Database database = Database.open(stores.place(kind, folder, "leaders"));
        open.add(database);
        return new Replica(database, new Leadership(database, id, termMillis));
    }

    @Test
    void oneLeadsAndAnotherTakesOverOnlyWhenItIsSilent() {
        Replica first = replica(StoreKind.POSTGRES, "first", LONG_MILLIS);
        Replica second = replica(StoreKind.POSTGRES, "second", LONG_MILLIS);
        first.beat();
        assertThat(first.leads()).isTrue();
        assertThat(second.beat()).isBetween(LONG_MILLIS / 2, LONG_MILLIS);
        assertThat(second.leads()).isFalse();
        assertThat(second.leadership.role()).isEqualTo(new Leadership.Role(false, 1, 0));
        first.beat();
        assertThat(first.leadership.role()).isEqualTo(new Leadership.Role(true, 1, 1));
    }

    @Test
    void whoLosesItsTermStopsAndCanWriteNothingMore() {
        Replica first = replica(StoreKind.POSTGRES, "first", SHORT_MILLIS);
        Replica second = replica(StoreKind.POSTGRES, "second", SHORT_MILLIS);
        first.beat();
        Term old = first.term();
        assertThat(old.<Integer>write(LeadershipTest::count)).isEqualTo(1);
        await(() -> {
            second.beat();
            return second.leads();
        });
        assertThat(first.leads())
                .as("by its own clock, before it hears of anything")
                .isFalse();
        assertThatThrownBy(() -> old.write(LeadershipTest::count))
                .isInstanceOf(DeposedException.class)
                .hasMessageContaining("epoch 1 is over");
        assertThat(counted(second.database)).as("nothing was written").isEqualTo(1);
        assertThat(second.leadership.role().epoch()).isEqualTo(2);
    }

    /** What the deposed has in its hands is refused also when it has not looked at its clock. */
    @Test
    void staleEpochOfTheSameReplicaIsRefusedToo() {
        Replica only = replica(StoreKind.POSTGRES, "only", SHORT_MILLIS);
        only.beat();
        Term old = only.term();
        await(() -> {
            boolean over = !only.leads();
            if (over) {
                only.beat();
            }
            return over;
        });
        assertThat(only.leadership.role()).isEqualTo(new Leadership.Role(true, 2, 2));
        assertThatThrownBy(() -> old.write(LeadershipTest::count)).isInstanceOf(DeposedException.class);
        assertThat(only.term().<Integer>write(LeadershipTest::count)).isEqualTo(1);
    }

    @Test
    void whoResignsLetsAnotherBeginAtOnce() {
        Replica first = replica(StoreKind.POSTGRES, "first", LONG_MILLIS);
        Replica second = replica(StoreKind.POSTGRES, "second", LONG_MILLIS);
        first.beat();
        first.database.writeQuietly(writer -> {
            first.leadership.resign(writer);
            return true;
        });
        second.beat();
        assertThat(second.leads()).isTrue();
        first.beat();
        assertThat(first.leads()).isFalse();
    }

    @Test
    void signsOfLifeAreNoNews() {
        Replica first = replica(StoreKind.POSTGRES, "first", LONG_MILLIS);
        Replica second = replica(StoreKind.POSTGRES, "second", LONG_MILLIS);
        long before = first.database.revision();
        List<Long> heard = new ArrayList<>();
        second.database.onCommit(heard::add);
        first.beat();
        first.beat();
        second.beat();
        assertThat(first.database.revision()).isEqualTo(before);
        first.term().<Integer>write(LeadershipTest::count);
        await(() -> second.database.revision() == before + 1);
        assertThat(heard).containsExactly(before + 1);
    }

    @Test
    void replicaOfAFileLeadsFromItsFirstBeatForAsLongAsItLives() {
        Replica only = replica(StoreKind.SQLITE, "only", 1);
        only.beat();
        assertThat(only.beat()).as("nothing is ever to be renewed").isEqualTo(Long.MAX_VALUE);
        assertThat(only.term().<Integer>write(LeadershipTest::count)).isEqualTo(1);
        Term old = only.term();
        only.database.close();
        open.clear();
        Replica next = replica(StoreKind.SQLITE, "next", LONG_MILLIS);
        next.beat();
        assertThat(next.term().epoch()).isEqualTo(old.epoch() + 1);
    }

    private static int count(JdbcClient writer) {
        return writer.sql("UPDATE event_counter SET last = last + 1").update();
    }

    private static long counted(Database database) {
        return database.read(reader ->
                reader.sql("SELECT last FROM event_counter").query(Long.class).single());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
