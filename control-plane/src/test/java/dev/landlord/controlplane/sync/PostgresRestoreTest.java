package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.DebianPostgres;
import dev.landlord.controlplane.store.StoreUnavailableException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backup and restore as docs/operations.md tells them, with the tools of the database, while it is in use. */
@Timeout(240)
class PostgresRestoreTest {
    private static final Pattern SQL = Pattern.compile("`restored\\.sql`.*?```sql\n(.*?)```", Pattern.DOTALL);
    private static final Path DOCUMENT = Path.of("..", "docs", "operations.md");
    private static final String PLAN = "{\"cpuMillis\":500,\"memoryBytes\":268435456}";
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

    @TempDir
    Path folder;

    private DebianPostgres server;

    @BeforeEach
    void startServer() throws IOException {
        server = DebianPostgres.start(folder.resolve("server"));
        server.tool("createdb", "--maintenance-db=" + server.place("postgres"), "landlord");
    }

    @AfterEach
    void endServer() throws IOException {
        server.close();
    }

    /** What somebody knows of the time after the copy. */
    private record Bookmarks(String incarnation, String tag, String cursor, long index, long event, long audited) {
        static Bookmarks of(RunningControlPlane running) throws IOException {
            Answer shop = running.operator("GET", Customers.path("alice/shop"), null);
            String audit =
                    running.operator("GET", "/api/v1/audit?limit=1", null).body();
            return new Bookmarks(
                    running.context().getBean(Database.class).incarnation(),
                    shop.header("ETag"),
                    running.operator("GET", "/api/v1/plans?limit=3", null).text("/cursor"),
                    Long.parseLong(shop.header("X-Landlord-Index")),
                    running.operator("GET", "/api/v1/events", null)
                            .json()
                            .at("/next")
                            .asLong(),
                    Long.parseLong(audit.replaceFirst("(?s)\\{\"id\":(\\d+).*", "$1")));
        }
    }

    @Test
    void aRestoredDatabaseIsAnotherLifeOfWhatWasThere() throws IOException {
        Path dump = folder.resolve("landlord.dump");
        ScriptedAgent agent;
        String tagOfThen;
        Bookmarks later;
        List<AllocationId> runs;
        long beforeDump;
        long written;
        try (RunningControlPlane first = start("landlord")) {
            agent = ScriptedAgent.joined(first, "n1", "busybox");
            new Customers(first).tenant("alice");
            tagOfThen = new Customers(first)
                    .put("alice/shop", "busybox", "sleep", 2)
                    .header("ETag");
            agent.obey(agent.awaitSet(set -> set.assignments().size() == 2));
            try (Storm storm = new Storm(first)) {
                beforeDump = storm.awaitMore();
                server.tool("pg_dump", "--format=custom", "--file=" + dump, "--dbname=" + server.place("landlord"));
                storm.awaitMore();
                written = storm.end();
            }
            new Customers(first).put("alice/shop", "busybox", "sleep", 6);
            DesiredState six = agent.awaitSet(set -> set.assignments().size() == 6);
            agent.obey(six);
            runs = allocations(six);
            later = Bookmarks.of(first);
        }
        restore(dump, "landlord2");
        try (RunningControlPlane second = start("landlord2")) {
            assertThat(second.context().getBean(Database.class).incarnation())
                    .startsWith("db-")
                    .isNotEqualTo(later.incarnation());
            assertOneMomentOf(second, beforeDump, written);
            assertOfNoUse(second, tagOfThen);
            assertOfNoUse(second, later.tag());
            assertFollowersMissNothing(second, later);
            assertTheNodeIsAsked(second, agent, runs);
        }
    }

    /** What was acknowledged before the copy is there, and of what came meanwhile nothing without what came before it. */
    private static void assertOneMomentOf(RunningControlPlane second, long beforeDump, long written)
            throws IOException {
        List<String> restored = second.operator("GET", "/api/v1/plans", null)
                .json()
                .at("/items")
                .valueStream()
                .map(item -> item.get("name").asString())
                .filter(name -> name.startsWith("storm-"))
                .toList();
        assertThat((long) restored.size()).isBetween(beforeDump, written - 1);
        for (int number = 0; number < restored.size(); number++) {
            assertThat(restored).contains(Storm.name(number));
        }
    }

    private void assertOfNoUse(RunningControlPlane second, String tag) throws IOException {
        HttpRequest change = second.request("public", second.operatorToken(), Customers.path("alice/shop"))
                .header("If-Match", tag)
                .DELETE()
                .build();
        assertThat(second.send(change).status()).as(tag).isEqualTo(412);
        HttpRequest look = second.request("public", second.operatorToken(), Customers.path("alice/shop"))
                .header("If-None-Match", tag)
                .build();
        assertThat(second.send(look).status()).as(tag).isEqualTo(200);
    }

    private void assertFollowersMissNothing(RunningControlPlane second, Bookmarks later) throws IOException {
        Answer atOnce = second.operator("GET", "/api/v1/plans?index=" + later.index() + "&wait=60s", null);
        assertThat(Long.parseLong(atOnce.header("X-Landlord-Index"))).isGreaterThan(later.index());
        Answer rest = second.operator("GET", "/api/v1/plans?limit=3&cursor=" + later.cursor(), null);
        assertThat(rest.status()).as(rest.body()).isEqualTo(200);
        assertThat(second.operator("PUT", "/api/v1/plans/new", PLAN).status()).isEqualTo(201);
        assertThat(second.operator("GET", "/api/v1/events?after=" + later.event(), null)
                        .body())
                .contains("plan new");
        assertThat(second.operator("GET", "/api/v1/audit?after=" + later.audited(), null)
                        .body())
                .contains("/api/v1/plans/new");
    }

    /** It is asked for everything once, told a set that it can tell from its own, and nothing of what it has is given up. */
    private static void assertTheNodeIsAsked(RunningControlPlane second, ScriptedAgent agent, List<AllocationId> runs)
            throws IOException {
        agent.talkTo(second);
        assertThat(agent.report(false, List.of(), List.of()).text("/resend")).isEqualTo("true");
        agent.reportAll(runs.stream()
                .map(id -> ScriptedAgent.observed(id, ObservedPhase.RUNNING))
                .toList());
        var ofItsOwn = agent.seen();
        DesiredReply reply = agent.accept(agent.askDesired(ofItsOwn, 30_000));
        DesiredState desired = Objects.requireNonNull(reply.desired());
        assertThat(desired.generation().sameIncarnation(ofItsOwn))
                .as("the agent's gate holds it: " + desired.generation())
                .isFalse();
        assertThat(allocations(desired)).hasSize(2).isSubsetOf(runs);
        assertThat(desired.assignments())
                .allSatisfy(each -> assertThat(each.desired()).isEqualTo(Assignment.Desired.RUNNING));
    }

    @Test
    void whoStillRunsWhenTheLifeChangesWritesNoMore() throws IOException {
        try (RunningControlPlane running = start("landlord")) {
            assertThat(running.operator("PUT", "/api/v1/plans/before", PLAN).status())
                    .isEqualTo(201);
            beginAnotherLife("landlord");
            server.tool(
                    "psql",
                    "--command=SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE application_name = 'landlord'",
                    server.place("landlord"));
            String body = await(() -> {
                Answer answer = running.operator("PUT", "/api/v1/plans/after", PLAN);
                assertThat(answer.status()).as(answer.body()).isEqualTo(503);
                return failureOf(running.context().getBean(Database.class));
            });
            assertThat(body).contains("was restored: start the control plane again");
        }
    }

    private static @Nullable String failureOf(Database database) {
        try {
            database.write(writer -> writer.sql("UPDATE meta SET id = 1").update());
            throw new AssertionError("it was written");
        } catch (StoreUnavailableException refused) {
            String message = String.valueOf(refused.getMessage());
            return message.contains("restored") ? message : null;
        }
    }

    private interface Look {
        @Nullable
        String look() throws IOException;
    }

    private static String await(Look look) throws IOException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < until) {
            String found = look.look();
            if (found != null) {
                return found;
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        throw new AssertionError("never came about");
    }

    private RunningControlPlane start(String database) throws IOException {
        return RunningControlPlane.start(
                folder.resolve("state"), "database.url=" + server.url(database), "database.user=postgres");
    }

    private void restore(Path dump, String database) throws IOException {
        server.tool("createdb", "--maintenance-db=" + server.place("postgres"), database);
        server.tool(
                "pg_restore", "--exit-on-error", "--no-owner", "--dbname=" + server.place(database), dump.toString());
        beginAnotherLife(database);
    }

    /** By the words of the document. */
    private void beginAnotherLife(String database) throws IOException {
        Matcher sql = SQL.matcher(Files.readString(DOCUMENT));
        assertThat(sql.find()).isTrue();
        Path file = Files.writeString(folder.resolve("restored.sql"), sql.group(1));
        server.tool("psql", "--set=ON_ERROR_STOP=1", "--file=" + file, server.place(database));
    }

    private static List<AllocationId> allocations(DesiredState desired) {
        return desired.assignments().stream().map(Assignment::allocation).toList();
    }

    /** Writes one after the other, until it is ended. */
    private static final class Storm implements AutoCloseable {
        private static final int MORE = 20;

        private final RunningControlPlane running;
        private final Thread thread;
        private final AtomicLong acknowledged = new AtomicLong();
        private volatile boolean ended;

        Storm(RunningControlPlane running) {
            this.running = running;
            this.thread = Thread.ofVirtual().start(this::write);
        }

        static String name(long number) {
            return "storm-%06d".formatted(number);
        }

        private void write() {
            try {
                while (!ended) {
                    int status = running.operator("PUT", "/api/v1/plans/" + name(acknowledged.get()), PLAN)
                            .status();
                    if (status != 201) {
                        throw new AssertionError("a write meanwhile was answered " + status);
                    }
                    acknowledged.incrementAndGet();
                }
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        }

        /** Returns how many were acknowledged when there were some more. */
        long awaitMore() {
            long enough = acknowledged.get() + MORE;
            long until = System.nanoTime() + PATIENCE_NANOS;
            while (acknowledged.get() < enough) {
                if (System.nanoTime() > until || !thread.isAlive()) {
                    throw new AssertionError("writes do not go on: " + acknowledged);
                }
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            return acknowledged.get();
        }

        long end() {
            close();
            return acknowledged.get();
        }

        @Override
        public void close() {
            ended = true;
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
