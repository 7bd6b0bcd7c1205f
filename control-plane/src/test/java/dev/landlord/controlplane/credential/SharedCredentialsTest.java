package dev.landlord.controlplane.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.StoreLocation;
import dev.landlord.controlplane.store.TestStores;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestStores.Extension.class)
class SharedCredentialsTest {
    private static final Identity ALICE = new Identity.Tenant(new TenantName("alice"));

    /** Many times, because the other replica hears of it by itself soon enough. */
    @Test
    void revokesAtTheNextRequestOnEveryReplica(TestStores stores, @TempDir Path folder) {
        StoreLocation place = stores.place(StoreKind.POSTGRES, folder, "shared");
        try (Database one = Database.open(place);
                Database other = Database.open(place)) {
            Credentials here = new Credentials(one, Instant::now);
            Credentials there = new Credentials(other, Instant::now);
            for (int time = 0; time < 50; time++) {
                String token = one.write(writer -> here.issue(writer, ALICE));
                assertThat(there.authenticate(token)).isPresent();
                one.write(writer -> here.revoke(writer, ALICE, Credentials.id(token)));
                assertThat(there.authenticate(token)).as("time %s", time).isEmpty();
            }
        }
    }
}
