package dev.landlord.controlplane.store;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that writes from several threads, prints each name once it is acknowledged, and waits to be killed. */
final class KilledWriter {
    private static final int CALLERS = 8;

    private KilledWriter() {}

    public static void main(String[] args) {
        Database database = Database.open(new StoreLocation.Sqlite(Path.of(args[0])));
        AtomicInteger next = new AtomicInteger();
        for (int caller = 0; caller < CALLERS; caller++) {
            Thread.ofPlatform().start(() -> writeForEver(database, next));
        }
    }

    private static void writeForEver(Database database, AtomicInteger next) {
        while (true) {
            String name = "n" + next.incrementAndGet();
            database.write(writer -> writer.sql(
                            "INSERT INTO event (id, scope, at, kind, message) VALUES (?, '', 0, 'written', ?)")
                    .params(Integer.parseInt(name.substring(1)), name)
                    .update());
            System.out.println(name);
        }
    }
}
