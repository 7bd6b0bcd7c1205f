package dev.landlord.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsResolverTest {
    @TempDir
    private Path folder = Path.of("");

    private Path flagToken = Path.of("");
    private Path envToken = Path.of("");
    private Path storedToken = Path.of("");
    private ConfigFile stored = ConfigFile.EMPTY;

    @BeforeEach
    void writeTokens() throws IOException {
        flagToken = Files.writeString(folder.resolve("flag"), "ll_flag\n");
        envToken = Files.writeString(folder.resolve("env"), "ll_env\n");
        storedToken = Files.writeString(folder.resolve("stored"), "ll_stored\n");
        stored = ConfigFile.EMPTY.withCurrent(
                "one", new Context("https://stored:1", "/stored.crt", storedToken.toString(), null, "stored", null));
    }

    private final Map<String, String> env() {
        return Map.of(
                "LANDLORD_SERVER", "https://env:1",
                "LANDLORD_CA_FILE", "/env.crt",
                "LANDLORD_TOKEN_FILE", envToken.toString(),
                "LANDLORD_TENANT", "env");
    }

    @Test
    void aFlagWinsOverEverything() {
        Flags flags = new Flags("https://flag:1", Path.of("/flag.crt"), flagToken, "flag", null);
        Settings settings = SettingsResolver.resolve(flags, env(), stored);
        assertThat(settings.server()).isEqualTo(URI.create("https://flag:1"));
        assertThat(settings.caFile()).isEqualTo(Path.of("/flag.crt"));
        assertThat(settings.token()).isEqualTo("ll_flag");
        assertThat(settings.tenant()).hasToString("flag");
    }

    @Test
    void aVariableWinsOverTheFile() {
        Settings settings = SettingsResolver.resolve(Flags.NONE, env(), stored);
        assertThat(settings.server()).isEqualTo(URI.create("https://env:1"));
        assertThat(settings.caFile()).isEqualTo(Path.of("/env.crt"));
        assertThat(settings.token()).isEqualTo("ll_env");
        assertThat(settings.tenant()).hasToString("env");
    }

    @Test
    void theFileIsUsedWhenNothingElseSpeaks() {
        Settings settings = SettingsResolver.resolve(Flags.NONE, Map.of("LANDLORD_SERVER", ""), stored);
        assertThat(settings.server()).isEqualTo(URI.create("https://stored:1"));
        assertThat(settings.caFile()).isEqualTo(Path.of("/stored.crt"));
        assertThat(settings.token()).isEqualTo("ll_stored");
        assertThat(settings.tenant()).hasToString("stored");
    }

    @Test
    void eachSettingIsDecidedByItself() {
        Settings settings = SettingsResolver.resolve(Flags.NONE, Map.of("LANDLORD_TENANT", "alice"), stored);
        assertThat(settings.server()).isEqualTo(URI.create("https://stored:1"));
        assertThat(settings.tenant()).hasToString("alice");
    }

    @Test
    void withoutAnythingTheLocalServerIsMeant() {
        Settings settings = SettingsResolver.resolve(Flags.NONE, Map.of(), ConfigFile.EMPTY);
        assertThat(settings).isEqualTo(new Settings(URI.create("https://127.0.0.1:7700"), null, null, null, null));
    }

    @Test
    void aTokenInAVariableIsTaken() {
        assertThat(SettingsResolver.resolve(Flags.NONE, Map.of("LANDLORD_TOKEN", "ll_x"), stored)
                        .token())
                .isEqualTo("ll_x");
    }

    @Test
    void twoTokensInVariablesAreRefused() {
        refused(
                Flags.NONE,
                Map.of("LANDLORD_TOKEN", "ll_x", "LANDLORD_TOKEN_FILE", envToken.toString()),
                "LANDLORD_TOKEN and LANDLORD_TOKEN_FILE are both set; unset one of them");
    }

    @Test
    void aContextIsChosenByItsName() {
        ConfigFile two = stored.withCurrent("two", new Context("https://two:1", null, null, "ll_two", null, null));
        Flags flags = new Flags(null, null, null, null, "one");
        assertThat(SettingsResolver.resolve(flags, Map.of(), two).server()).isEqualTo(URI.create("https://stored:1"));
        assertThat(SettingsResolver.resolve(Flags.NONE, Map.of(), two).token()).isEqualTo("ll_two");
        assertThat(SettingsResolver.resolve(Flags.NONE, Map.of("LANDLORD_CONTEXT", "one"), two)
                        .server())
                .isEqualTo(URI.create("https://stored:1"));
    }

    @Test
    void anUnknownContextIsRefused() {
        refused(
                new Flags(null, null, null, null, "nope"),
                Map.of(),
                "context nope is not in the configuration file; there are [one]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://host:7700",
                "host:7700",
                "https://",
                "https://user@host",
                "https://host/path",
                "https://host?x=y",
                "https://ho st"
            })
    void onlyTheAddressOfATlsServerIsTaken(String server) {
        refused(
                new Flags(server, null, null, null, null),
                Map.of(),
                "server " + server + ": must have the form https://HOST:PORT");
    }

    @Test
    void aTokenFileWithoutATokenIsRefusedWithoutShowingIt() throws IOException {
        Path odd = Files.writeString(folder.resolve("odd"), "secret one\nsecret two\n");
        refused(new Flags(null, null, odd, null, null), Map.of(), "token file " + odd + ": does not hold a token");
        Path missing = folder.resolve("missing");
        refused(
                new Flags(null, null, missing, null, null),
                Map.of(),
                "cannot read token file " + missing + ": no such file");
    }

    @Test
    void aBadTenantIsRefused() {
        refused(
                new Flags(null, null, null, "../eve", null),
                Map.of(),
                "tenant ../eve: TenantName must match [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");
    }

    private void refused(Flags flags, Map<String, String> env, String message) {
        assertThatThrownBy(() -> SettingsResolver.resolve(flags, env, stored))
                .isInstanceOfSatisfying(CommandFailure.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ExitCode.USAGE);
                    assertThat(failure).hasMessage(message);
                });
    }
}
