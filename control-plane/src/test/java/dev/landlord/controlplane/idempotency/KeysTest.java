package dev.landlord.controlplane.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(StoreKind.class)
@ExtendWith(TestStores.Extension.class)
class KeysTest {
    @TempDir
    Path folder;

    private final StoreKind kind;
    private Instant now = Instant.ofEpochMilli(1000);
    private Database database;
    private final Keys keys = new Keys(() -> now);

    KeysTest(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open(TestStores stores) {
        database = Database.open(stores.place(kind, folder, "keys"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void letsOneOfTwoThatHaveTheSameKeyDoIt() {
        KeyedRequest first = request("t", "k");
        begin(first);
        assertThat(first.isStored()).isTrue();
        KeyedRequest second = request("t", "k");
        assertThatThrownBy(() -> begin(second)).hasMessageContaining("is under way");
        assertThat(second.isStored()).isFalse();
        begin(request("other", "k"));
        assertThat(find(first)).contains(new Keys.Known("asked", 0, null));
        end(first, 201, "{}");
        assertThat(find(first)).contains(new Keys.Known("asked", 201, "{}"));
        end(second, 500, "no");
        assertThat(find(first)).as("the first answer stays").contains(new Keys.Known("asked", 201, "{}"));
    }

    @Test
    void forgetsWhatCameToNothingAndNoAnswer() {
        KeyedRequest request = request("t", "k");
        begin(request);
        forget(request);
        assertThat(find(request)).isEmpty();
        end(request, 200, "{}");
        forget(request);
        assertThat(find(request)).isPresent();
    }

    @Test
    void keepsKeysForADayAndABoundedNumber() {
        KeyedRequest old = request("t", "old");
        end(old, 200, "{}");
        now = now.plus(Keys.KEPT_FOR);
        assertThat(find(old)).as("its day is over").isEmpty();
        for (int number = 0; number < Keys.KEPT_PER_TOKEN + 20; number++) {
            now = now.plusMillis(1);
            end(request("t", "k" + number), 200, "{}");
        }
        end(request("other", "k"), 200, "{}");
        long kept = database.read(reader -> reader.sql("SELECT count(*) FROM idempotency WHERE scope = 't'")
                .query(Long.class)
                .single());
        assertThat(kept).isBetween((long) Keys.KEPT_PER_TOKEN, Keys.KEPT_PER_TOKEN + 1L);
        assertThat(find(request("t", "k0"))).isEmpty();
        assertThat(find(request("t", "k" + (Keys.KEPT_PER_TOKEN + 19)))).isPresent();
    }

    private static KeyedRequest request(String scope, String key) {
        return new KeyedRequest(scope, key, "asked");
    }

    private Optional<Keys.Known> find(KeyedRequest request) {
        return database.read(reader -> keys.find(reader, request));
    }

    private void begin(KeyedRequest request) {
        database.write(writer -> {
            keys.begin(writer, request);
            return true;
        });
    }

    private void end(KeyedRequest request, int status, String body) {
        database.write(writer -> {
            keys.end(writer, request, status, body);
            return true;
        });
    }

    private void forget(KeyedRequest request) {
        database.write(writer -> {
            keys.forget(writer, request);
            return true;
        });
    }
}
