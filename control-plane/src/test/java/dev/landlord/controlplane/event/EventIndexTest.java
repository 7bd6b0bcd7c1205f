package dev.landlord.controlplane.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreLocation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite chooses by the shape of a table; PostgreSQL by its size, so that an empty one tells nothing. */
class EventIndexTest {
    private static final TenantName ALICE = new TenantName("alice");

    /** Or one tenant's question would cost what all tenants' histories hold. */
    @Test
    void looksForATenantsEventsAmongItsOwnOnly(@TempDir Path folder) {
        try (Database database = Database.open(new StoreLocation.Sqlite(folder.resolve("events.db")))) {
            for (Long after : new Long[] {null, 5L}) {
                EventQuery query = EventQuery.of(ALICE, new WorkloadName("shop"), after, 10);
                String plan = database.read(reader -> String.join(
                        "; ",
                        reader.sql("EXPLAIN QUERY PLAN " + Events.pageSql(query))
                                .params(Events.pageParameters(query))
                                .query((row, number) -> String.valueOf(row.getString("detail")))
                                .list()));
                assertThat(plan).contains("SEARCH event USING INDEX event_scope (scope=? AND id>?)");
            }
        }
    }
}
