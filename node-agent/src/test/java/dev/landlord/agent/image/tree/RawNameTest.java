package dev.landlord.agent.image.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RawNameTest {
    /** A byte that is valid in no UTF-8 string, and one of a longer sequence. */
    private static final RawName NOT_UTF8 = new RawName("a\u00ff b%\n\u00c5");

    @TempDir
    Path directory;

    @Test
    void aNameThatIsNotTextSurvivesTheDisk() throws IOException {
        Files.writeString(NOT_UTF8.under(directory), "x");

        List<RawName> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(RawName.of(entry.getFileName())));
        }
        assertThat(names).containsExactly(NOT_UTF8);
    }

    @Test
    void textIsStoredAsUtf8() throws IOException {
        Files.writeString(RawName.ofText("Főtanúsítvány.crt").under(directory), "x");

        assertThat(new ProcessBuilder("ls", directory.toString()).start().getInputStream())
                .hasContent("Főtanúsítvány.crt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "../lib/x", "/usr/bin/x", "/", ".", "..", "./a/../b", "ű/é", "/ű/../é", "a b%41"})
    void aTargetSurvivesTheDisk(String text) throws IOException {
        Path link = directory.resolve("link");
        RawName target = RawName.ofText(text);

        Files.createSymbolicLink(link, target.asTarget());

        assertThat(RawName.of(Files.readSymbolicLink(link))).isEqualTo(target);
    }

    @Test
    void sortsByUnsignedBytes() {
        assertThat(new RawName("\u00ff")).isGreaterThan(new RawName("z"));
        assertThat(new RawName("a/b")).isGreaterThan(new RawName("a-"));
    }

    @Test
    void isPrintedWithoutControlCharactersAndShort() {
        assertThat(RawName.ofText("é\u001b[31m\n").toString()).isEqualTo("é?[31m?");
        assertThat(new RawName("x".repeat(5000)).toString()).hasSizeLessThan(310);
    }

    @Test
    void knowsItsBytes() {
        assertThat(RawName.ofText("é").bytes()).isEqualTo("é".getBytes(UTF_8));
    }
}
