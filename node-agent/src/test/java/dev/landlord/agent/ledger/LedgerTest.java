package dev.landlord.agent.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    @Test
    void aNewHostHasAnEmptyOne() {
        assertThat(Ledger.open(directory).content()).isEqualTo(LedgerContent.EMPTY);
    }

    @Test
    void readsBackAllThatWasSaved() throws IOException {
        LedgerContent content = LedgerFixtures.content(7, 3);
        Ledger.open(directory).save(content);
        assertThat(Ledger.open(directory).content()).isEqualTo(content);
        Path file = directory.resolve("ledger.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void keepsTheGoldenForm() throws IOException {
        Files.writeString(directory.resolve("ledger.json"), golden());
        assertThat(Ledger.open(directory).content()).isEqualTo(LedgerFixtures.content(7, 1));
    }

    @Test
    void ignoresWhatANewerAgentAddedUnlessItIsRequired() throws IOException {
        String newer = golden().replaceFirst("\\{", "{\"colour\":\"red\",");
        Files.writeString(directory.resolve("ledger.json"), newer.replace("\"version\" : 1", "\"version\" : 2"));
        assertThat(Ledger.open(directory).content()).isEqualTo(LedgerFixtures.content(7, 1));
        Files.writeString(
                directory.resolve("ledger.json"),
                golden().replace("\"version\" : 1", "\"version\" : 2")
                        .replace("\"requires\" : [ ]", "\"requires\" : [\"volumes\"]"));
        assertThatThrownBy(() -> Ledger.open(directory))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("requires [volumes]");
        Files.writeString(
                directory.resolve("ledger.json"),
                golden().replace("\"requires\" : [ ]", "\"requires\" : [\"volumes\"]"));
        assertThatThrownBy(() -> Ledger.open(directory)).hasMessageContaining("requires [volumes]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "{}", "[]", "{\"version\":1}", "\u0000\u0000"})
    void aBrokenFileStopsTheAgentAndIsLeftAsItIs(String broken) throws IOException {
        Path file = directory.resolve("ledger.json");
        Files.writeString(file, broken);
        assertThatThrownBy(() -> Ledger.open(directory))
                .isInstanceOf(LedgerException.class)
                .hasMessageStartingWith("read " + file)
                .hasMessageContaining("move it away");
        assertThat(Files.readString(file)).isEqualTo(broken);
    }

    @Test
    void anUnfinishedSaveOfADeadAgentChangesNothing() throws IOException {
        LedgerContent content = LedgerFixtures.content(7, 1);
        Ledger.open(directory).save(content);
        Files.writeString(directory.resolve("ledger.json.new"), "{\"version\":1,\"acc");
        Ledger ledger = Ledger.open(directory);
        assertThat(ledger.content()).isEqualTo(content);
        ledger.save(LedgerFixtures.content(8, 0));
        assertThat(Ledger.open(directory).content()).isEqualTo(LedgerFixtures.content(8, 0));
    }

    @Test
    void aFailedSaveLeavesTheEarlierContent() throws IOException {
        Ledger ledger = Ledger.open(directory);
        ledger.save(LedgerFixtures.content(7, 1));
        Files.createDirectory(directory.resolve("ledger.json.new"));
        assertThatThrownBy(() -> ledger.save(LedgerFixtures.content(8, 1))).isInstanceOf(LedgerException.class);
        assertThat(ledger.content()).isEqualTo(LedgerFixtures.content(7, 1));
        assertThat(Ledger.open(directory).content()).isEqualTo(LedgerFixtures.content(7, 1));
    }

    @Test
    void eachSaveHasItsOwnSetAlsoAfterOneThatFailed() throws IOException {
        Ledger ledger = Ledger.open(directory);
        ledger.save(LedgerFixtures.content(7, 1));
        Path blocker = Files.createDirectory(directory.resolve("ledger.json.new"));
        assertThatThrownBy(() -> ledger.save(LedgerFixtures.content(8, 2))).isInstanceOf(LedgerException.class);
        Files.delete(blocker);
        ledger.save(LedgerFixtures.content(7, 3));
        assertThat(Ledger.open(directory).content()).isEqualTo(LedgerFixtures.content(7, 3));
        ledger.save(LedgerContent.EMPTY);
        assertThat(Ledger.open(directory).content()).isEqualTo(LedgerContent.EMPTY);
    }

    private static String golden() throws IOException {
        try (var in = LedgerTest.class.getResourceAsStream("/ledger/ledger-v1.json")) {
            if (in == null) {
                throw new IOException("no golden ledger");
            }
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
