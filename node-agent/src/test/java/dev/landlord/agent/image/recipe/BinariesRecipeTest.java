package dev.landlord.agent.image.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.image.elf.ElfBytes;
import dev.landlord.agent.image.tree.Node;
import dev.landlord.agent.image.tree.RawName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BinariesRecipeTest {
    @TempDir
    Path temp;

    @Test
    void holdsEachProgramAtItsOwnPathWithTheLinksOnTheWay() throws IOException {
        ProgramClosure closure = ProgramClosure.of(List.of(Path.of("/bin/bash"), Path.of("/bin/ls")));

        assertThat(closure.files())
                .containsKey(RawName.of(Path.of("/bin/bash").toRealPath().subpath(0, 3)));
        closure.files()
                .forEach((name, node) ->
                        assertThat(Path.of("/").resolve(name.octets())).isEqualTo(node.path()));
        closure.links()
                .forEach((name, target) -> assertThat(Path.of("/" + name.octets()))
                        .isSymbolicLink()
                        .satisfies(
                                link -> assertThat(Files.readSymbolicLink(link)).hasToString(target.octets())));
    }

    /** The image has no ld.so.conf and no cache; its loader looks beside itself. */
    @Test
    void aLibraryThatOnlyTheConfigurationFindsHereGetsANameBesideTheLoader() throws IOException {
        Path loader = elf("ld/ld.so", ElfBytes.x86());
        Path beside = elf("ld/libbeside.so", ElfBytes.x86());
        Path library = elf("conf/libx.so", ElfBytes.x86());
        Path program =
                elf("bin/prog", ElfBytes.x86().interpreter(loader.toString()).needed("libx.so", "libbeside.so"));

        ProgramClosure closure = ProgramClosure.of(List.of(program), List.of(temp.resolve("conf"), temp.resolve("ld")));

        assertThat(closure.files().values())
                .extracting(Node::path)
                .containsExactlyInAnyOrder(loader, beside, library, program);
        assertThat(closure.links())
                .containsOnly(Map.entry(
                        RawName.ofText((temp + "/ld/libx.so").substring(1)), RawName.ofText(library.toString())));
    }

    @Test
    void aScriptBringsItsInterpreter() throws IOException {
        Path script = script("tool", "#! /bin/bash -e\necho\n");

        ProgramClosure closure = ProgramClosure.of(List.of(script));

        assertThat(closure.files().values())
                .anyMatch(node -> node.path().endsWith("bash"))
                .anyMatch(node -> node.path().equals(script));
    }

    @Test
    void scriptsThatInterpretEachOtherEnd() throws IOException {
        Path script = script("tool", "#!" + temp.resolve("tool") + "\n");

        assertThatThrownBy(() -> ProgramClosure.of(List.of(script)))
                .hasMessageContaining("its interpreters form a chain");
    }

    @Test
    void theFingerprintChangesWithAProgram() throws IOException {
        Path script = script("tool", "#!/bin/sh\necho 1\n");
        String before = BinariesRecipe.parse(script.toString()).fingerprint();
        String again = BinariesRecipe.parse(script.toString()).fingerprint();
        Files.writeString(script, "#!/bin/sh\necho 22\n");

        assertThat(again).isEqualTo(before);
        assertThat(BinariesRecipe.parse(script.toString()).fingerprint()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | must be 1 to 256 comma separated paths",
                "bash | must be an absolute path",
                "/bin/bash,,/bin/ls | must be an absolute path",
                "/bin/../bin/bash | must be an absolute path without . and ..",
                "/bin/no-such-program | /bin/no-such-program: no such file or directory",
                "/bin | /bin: is a directory, not a program",
                "/etc/passwd | /etc/passwd: is not executable",
                "/dev/null | /dev/null: is a character device, not a program"
            })
    void aBadSourceIsNamed(String source, String reason) {
        assertThatThrownBy(() -> BinariesRecipe.parse(source).fingerprint()).hasMessageContaining(reason);
    }

    @Test
    void whatIsNeitherProgramNorScriptIsRefused() throws IOException {
        Path data = script("data", "hello");

        assertThatThrownBy(() -> ProgramClosure.of(List.of(data)))
                .hasMessage("build image of programs from " + data + ": is neither an ELF program nor a script");
    }

    private Path elf(String name, ElfBytes bytes) throws IOException {
        Path file = temp.toRealPath().resolve(name);
        Files.createDirectories(temp.resolve(name).resolve("..").normalize());
        Files.write(file, bytes.build().array());
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(temp.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
