package dev.landlord.agent.image.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandLookupTest {
    private static final String PATH = "/usr/bin:/bin";

    @TempDir
    Path temp;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectories(temp.resolve("root"));
        program("bin/tool", "any content", "rwxr-xr-x");
        program("bin/data", "any content", "rw-r--r--");
        program("usr/bin/shadow", "not executable", "rw-r--r--");
        program("bin/shadow", "executable", "r-xr-xr-x");
        program("bin/script", "#! /bin/tool -x\n", "rwxr-xr-x");
        program("bin/orphan", "#!/bin/gone\n", "rwxr-xr-x");
        program("app/run", "any content", "rwx------");
        Files.createDirectory(root.resolve("bin/dir"));
        Files.createSymbolicLink(root.resolve("bin/abs"), Path.of("/bin/tool"));
        Files.createSymbolicLink(root.resolve("bin/host"), Path.of("/etc/hostname"));
        Files.createSymbolicLink(root.resolve("bin/climb"), Path.of("../../../../bin/tool"));
        Files.createSymbolicLink(root.resolve("bin/loop"), Path.of("loop"));
        Files.copy(Path.of("/bin/ls"), root.resolve("bin/dynamic"));
    }

    @Test
    void searchesThePath() {
        assertFound("tool", "/bin/tool");
        assertFound("abs", "/bin/abs");
        assertFound("climb", "/bin/climb");
        assertFound("script", "/bin/script");
        assertFound("shadow", "/bin/shadow");
    }

    @Test
    void aPathWithASlashIsTakenFromTheWorkingDirectory() {
        assertFound("/bin/tool", "/bin/tool");
        assertFound("./run", "/app/./run");
        assertFound("../bin/tool", "/app/../bin/tool");
        assertFound("/../../bin/tool", "/../../bin/tool");
    }

    @Test
    void anEmptyEntryOfThePathIsTheWorkingDirectory() {
        assertThat(CommandLookup.find(root, "run", "/bin::/usr/bin", "/app"))
                .isEqualTo(new CommandLookup.Found("/app/./run"));
    }

    @Test
    void saysWhatIsWrong() {
        assertNotFound("nginx", "command \"nginx\": no such file in the image, searched /usr/bin:/bin");
        assertNotFound("/bin/none", "command \"/bin/none\": no such file in the image");
        assertNotFound("data", "command \"data\": /bin/data is not executable");
        assertNotFound("dir", "command \"dir\": /bin/dir is a directory");
        assertNotFound(
                "orphan", "command \"orphan\": /bin/orphan needs the interpreter /bin/gone, which is not in the image");
        assertNotFound("loop", "command \"loop\": no such file in the image, searched /usr/bin:/bin");
        assertNotFound("", "command must have 1 to 4096 characters");
        assertNotFound("x".repeat(5000), "command must have 1 to 4096 characters");
        assertNotFound("a\0b", "command \"a\0b\": no such file in the image, searched /usr/bin:/bin");
    }

    @Test
    void aProgramWithoutItsLoaderIsNotFound() throws IOException {
        assertThat(find("dynamic"))
                .isInstanceOfSatisfying(
                        CommandLookup.NotFound.class,
                        missing -> assertThat(missing.reason())
                                .startsWith("command \"dynamic\": /bin/dynamic needs the interpreter /lib")
                                .endsWith(", which is not in the image"));
    }

    @Test
    void aLinkToAProgramOfTheHostIsNotFollowed() throws IOException {
        Path tool = Files.writeString(temp.resolve("tool"), "x");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(root.resolve("bin/outside"), tool);
        Files.createSymbolicLink(root.resolve("bin/above"), Path.of("../../tool"));

        assertThat(find("outside")).isInstanceOf(CommandLookup.NotFound.class);
        assertThat(find("above")).isInstanceOf(CommandLookup.NotFound.class);
        assertThat(find("host")).isInstanceOf(CommandLookup.NotFound.class);
    }

    private CommandLookup find(String command) {
        return CommandLookup.find(root, command, PATH, "/app");
    }

    private void assertFound(String command, String path) {
        assertThat(find(command)).isEqualTo(new CommandLookup.Found(path));
    }

    private void assertNotFound(String command, String reason) {
        assertThat(find(command)).isEqualTo(new CommandLookup.NotFound(reason));
    }

    private void program(String name, String content, String permissions) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
