package dev.landlord.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.cli.failure.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigStoreTest {
    private static final Context DEV =
            new Context("https://127.0.0.1:7700", "/ca.crt", "/operator.token", null, null, null);

    @TempDir
    private Path folder = Path.of("");

    private ConfigStore store() {
        return new ConfigStore(folder.resolve("landlord").resolve("config.yaml"));
    }

    @Test
    void whatIsWrittenIsReadAgainAndOnlyByItsOwner() throws IOException {
        ConfigStore store = store();
        assertThat(store.read()).isEqualTo(ConfigFile.EMPTY);
        store.update(file -> file.withCurrent("dev", DEV));
        assertThat(store.read()).isEqualTo(ConfigFile.EMPTY.withCurrent("dev", DEV));
        assertThat(Files.getPosixFilePermissions(store.file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(store.isReadableByOthers()).isFalse();
        assertThat(Files.readString(store.file())).isEqualTo("""
                current: "dev"
                contexts:
                  dev:
                    server: "https://127.0.0.1:7700"
                    ca-file: "/ca.crt"
                    token-file: "/operator.token"
                """);
    }

    @Test
    void aFileForEverybodyIsNoticed() throws IOException {
        ConfigStore store = store();
        store.update(file -> file);
        Files.setPosixFilePermissions(store.file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(store.isReadableByOthers()).isTrue();
    }

    @Test
    void theContextsOfOthersStayWhenOneGoes() {
        Context other = new Context("https://prod:7700", null, null, "ll_x", null, null);
        ConfigFile both = ConfigFile.EMPTY.withCurrent("prod", other).withCurrent("dev", DEV);
        assertThat(both.without("dev", "prod")).isEqualTo(ConfigFile.EMPTY.withCurrent("prod", other));
        assertThat(both.without("dev", "gone").current()).isNull();
        assertThat(both.without("prod", null).current()).isEqualTo("dev");
    }

    @Test
    void anUnknownFieldIsNamed() throws IOException {
        ConfigStore store = store();
        store.update(file -> file);
        Files.writeString(store.file(), "contexts:\n  dev:\n    sever: https://x\n");
        assertThatThrownBy(store::read)
                .isInstanceOf(CommandFailure.class)
                .hasMessage(store.file() + ": is not a configuration; unknown field sever");
    }

    @Test
    void aFaultInTheFileDoesNotShowTheToken() throws IOException {
        ConfigStore store = store();
        store.update(file -> file);
        Files.writeString(store.file(), "contexts:\n  dev:\n    token: [ll_secret\n");
        assertThatThrownBy(store::read)
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("is not a configuration")
                .hasMessageNotContaining("ll_secret");
    }

    @Test
    void aTokenFileIsNewAndOnlyForItsOwner() throws IOException {
        Path file = folder.resolve("alice.token");
        TokenFile.reserve(file);
        TokenFile.write(file, "ll_new");
        assertThat(Files.readString(file)).isEqualTo("ll_new\n");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> TokenFile.reserve(file))
                .hasMessage("cannot make token file " + file + ": it exists already");
    }
}
