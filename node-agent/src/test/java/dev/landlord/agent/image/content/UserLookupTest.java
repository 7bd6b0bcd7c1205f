package dev.landlord.agent.image.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UserLookupTest {
    @TempDir
    Path temp;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectories(temp.resolve("root"));
        Files.createDirectory(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), """
                root:x:0:0:root:/root:/bin/sh
                # comment:x:5:5::/:
                web:x:33:34::/var/www:/bin/false
                broken
                huge:x:70000:0::/:/bin/sh
                minus:x:-1:0::/:/bin/sh
                4000:x:7:7::relative:/bin/sh
                """);
        Files.writeString(root.resolve("etc/group"), """
                root:x:0:
                web:x:34:web
                ssl:x:40:other,web
                log:x:41:web,
                huge:x:99999:web
                """);
    }

    @Test
    void aNameHasItsGroupAndThoseThatListIt() {
        assertFound("web", 33, 34, List.of(40, 41), "/var/www");
        assertFound("root", 0, 0, List.of(), "/root");
    }

    @Test
    void anIdHasWhatTheImageKnowsOfIt() {
        assertFound("33", 33, 34, List.of(40, 41), "/var/www");
        assertFound("1234", 1234, 0, List.of(), "/");
        assertFound("65534", 65534, 0, List.of(), "/");
        assertFound("4000", 4000, 0, List.of(), "/");
    }

    @Test
    void aGroupThatIsGivenIsTheOnlyOne() {
        assertFound("web:ssl", 33, 40, List.of(), "/var/www");
        assertFound("web:7", 33, 7, List.of(), "/var/www");
        assertFound("5:6", 5, 6, List.of(), "/");
        assertFound("5:log", 5, 41, List.of(), "/");
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertNotFound("eve", "user \"eve\" is neither an id from 0 to 65534 nor in the image's /etc/passwd");
        assertNotFound("65535", "user \"65535\" is neither an id from 0 to 65534 nor in the image's /etc/passwd");
        assertNotFound("huge", "user \"huge\" is neither an id from 0 to 65534 nor in the image's /etc/passwd");
        assertNotFound("minus", "user \"minus\" is neither an id from 0 to 65534 nor in the image's /etc/passwd");
        assertNotFound("web:none", "group \"none\" is neither an id from 0 to 65534 nor in the image's /etc/group");
        assertNotFound("web:huge", "group \"huge\" is neither an id from 0 to 65534 nor in the image's /etc/group");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "web:", ":web", "a:b:c"})
    void aFormThatIsNoneIsRefused(String user) {
        assertNotFound(user, "user \"" + user + "\" must have the form uid, uid:gid, name or name:group");
    }

    @Test
    void anImageWithoutAccountsHasOnlyIds() throws IOException {
        Files.delete(root.resolve("etc/passwd"));
        Files.delete(root.resolve("etc/group"));

        assertFound("7:8", 7, 8, List.of(), "/");
        assertNotFound("root", "user \"root\" is neither an id from 0 to 65534 nor in the image's /etc/passwd");
    }

    @Test
    void aLinkToTheHostsAccountsIsNotFollowed() throws IOException {
        Files.writeString(temp.resolve("passwd"), "eve:x:666:666::/:/bin/sh\n");
        Files.delete(root.resolve("etc/passwd"));
        Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("../../passwd"));

        assertThat(find("eve")).isInstanceOf(UserLookup.NotFound.class);
    }

    @Test
    void aHugeFileOrADirectoryIsNotRead() throws IOException {
        try (FileChannel channel = FileChannel.open(root.resolve("etc/group"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}), 1 << 20);
        }
        assertNotFound("web", "user \"web\": /etc/group of the image is not a file of at most 1048576 bytes");

        Files.delete(root.resolve("etc/passwd"));
        Files.createDirectory(root.resolve("etc/passwd"));
        assertNotFound("web", "user \"web\": /etc/passwd of the image is not a file of at most 1048576 bytes");
    }

    private UserLookup find(String user) {
        return UserLookup.find(root, user);
    }

    private void assertFound(String user, int uid, int gid, List<Integer> groups, String home) {
        assertThat(find(user)).isEqualTo(new UserLookup.Found(uid, gid, groups, home));
    }

    private void assertNotFound(String user, String reason) {
        assertThat(find(user)).isEqualTo(new UserLookup.NotFound(reason));
    }
}
