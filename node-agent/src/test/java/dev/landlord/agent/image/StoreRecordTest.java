package dev.landlord.agent.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreRecordTest {
    @TempDir
    Path temp;

    @Test
    void hasThisForm() {
        assertThat(new StoreRecord(Map.of("b", "2", "a", "x=y")).format()).isEqualTo("""
                version=1
                requires=
                a=x=y
                b=2
                """);
    }

    @Test
    void survivesTheDiskAndLeavesNothingElse() throws IOException {
        StoreRecord record = new StoreRecord(Map.of("digest", "x", "bytes", "12"));
        record.write(temp, "manifest");
        record.write(temp, "manifest");

        assertThat(StoreRecord.read(temp.resolve("manifest"))).contains(record);
        assertThat(temp.toFile().list()).containsExactly("manifest");
        assertThat(record.number("bytes")).hasValue(12);
        assertThat(record.number("digest")).isEmpty();
    }

    @Test
    void unknownKeysAreIgnored() {
        assertThat(StoreRecord.parse("requires=\nversion=1\nnew=thing\nnot a line\n"))
                .contains(new StoreRecord(Map.of("new", "thing")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "version=2\nrequires=\n",
                "version=1\n",
                "version=1\nrequires=layers\n",
                "requires=\ndigest=x\n",
                "version=1\nrequires=\ndigest=cut off"
            })
    void whatCannotBeUnderstoodIsAsGoodAsAbsent(String text) {
        assertThat(StoreRecord.parse(text)).isEmpty();
    }

    @Test
    void aSymlinkAndAHugeFileAreNotRead() throws IOException {
        Path real = Files.writeString(temp.resolve("real"), "version=1\nrequires=\n");
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);
        Path huge = Files.writeString(temp.resolve("huge"), "version=1\nrequires=\n" + "x".repeat(70_000) + "\n");

        assertThat(StoreRecord.read(real)).isPresent();
        assertThat(StoreRecord.read(link)).isEmpty();
        assertThat(StoreRecord.read(huge)).isEmpty();
    }
}
