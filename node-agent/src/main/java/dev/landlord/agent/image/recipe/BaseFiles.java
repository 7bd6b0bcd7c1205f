package dev.landlord.agent.image.recipe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.landlord.agent.image.tree.Attributes;
import dev.landlord.agent.image.tree.RawName;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What programs expect to find besides themselves, for the images that are made of programs alone. */
final class BaseFiles {
    private static final List<String> DIRECTORIES = List.of(
            "dev",
            "etc",
            "home",
            "mnt",
            "opt",
            "proc",
            "run",
            "srv",
            "sys",
            "var",
            "var/cache",
            "var/lib",
            "var/log",
            "var/spool");

    private static final String PASSWD = """
            root:x:0:0:root:/root:/bin/sh
            daemon:x:1:1:daemon:/:/bin/false
            nobody:x:65534:65534:nobody:/:/bin/false
            """;

    private static final String GROUP = """
            root:x:0:
            daemon:x:1:
            tty:x:5:
            users:x:100:
            nogroup:x:65534:
            """;

    private static final String HOSTS = """
            127.0.0.1 localhost
            ::1 localhost
            """;

    private static final String NSSWITCH = """
            passwd: files
            group: files
            hosts: files dns
            """;

    private BaseFiles() {}

    /** @param taken names that the image has as something else; no directory is made there */
    static void lay(TreeWriter writer, Set<RawName> taken) throws IOException {
        for (String text : DIRECTORIES) {
            RawName name = RawName.ofText(text);
            if (!taken.contains(name)) {
                writer.directory(name, Attributes.ofRoot(0755));
            }
        }
        writer.directory(RawName.ofText("root"), Attributes.ofRoot(0700));
        writer.directory(RawName.ofText("tmp"), Attributes.ofRoot(01777));
        writer.directory(RawName.ofText("var/tmp"), Attributes.ofRoot(01777));
        file(writer, "etc/passwd", PASSWD);
        file(writer, "etc/group", GROUP);
        file(writer, "etc/hosts", HOSTS);
        file(writer, "etc/nsswitch.conf", NSSWITCH);
    }

    private static void file(TreeWriter writer, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        writer.file(RawName.ofText(name), Attributes.ofRoot(0644), bytes.length, new ByteArrayInputStream(bytes));
    }
}
