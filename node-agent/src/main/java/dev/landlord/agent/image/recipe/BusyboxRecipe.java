package dev.landlord.agent.image.recipe;

import dev.landlord.agent.image.elf.ElfParse;
import dev.landlord.agent.image.elf.HostElfSource;
import dev.landlord.agent.image.tree.Attributes;
import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.Node;
import dev.landlord.agent.image.tree.NodeType;
import dev.landlord.agent.image.tree.RawName;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The image that needs no download: this host's static busybox, a symlink for each of its applets, and the usual
 * directories.
 */
public record BusyboxRecipe(Path busybox) implements Recipe {
    private static final String OPERATION = "build busybox image from";
    private static final String REMEDY = "; install the Debian package busybox-static";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Pattern APPLET = Pattern.compile("(usr/)?s?bin/[a-zA-Z0-9._\\[-]{1,64}");
    private static final String HOME = "bin/busybox";

    @Override
    public String fingerprint() throws IOException {
        return new Fingerprint("busybox").node(requireStatic()).hex();
    }

    @Override
    public void lay(TreeWriter writer) throws IOException {
        Node program = requireStatic();
        List<String> applets = applets(program.path());
        BaseFiles.lay(writer, Set.of());
        writer.copy(RawName.ofText(HOME), Attributes.ofRoot(0755), program.path());
        for (String applet : applets) {
            writer.symlink(RawName.ofText(applet), RawName.ofText(targetFor(applet)), Attributes.ofRoot(0777));
        }
    }

    /** A dynamic busybox could not start in an image that holds nothing else. */
    private Node requireStatic() throws IOException {
        if (!Files.exists(busybox)) {
            throw new ImageException(OPERATION, busybox.toString(), "no such file" + REMEDY);
        }
        Node node = SourcePath.require(OPERATION, busybox, NodeType.FILE);
        boolean isStatic =
                new HostElfSource().read(node.path()).orElse(new ElfParse.NotElf()) instanceof ElfParse.Parsed parsed
                        && parsed.file().isStatic();
        if (!isStatic) {
            throw new ImageException(OPERATION, busybox.toString(), "is not a static ELF program" + REMEDY);
        }
        return node;
    }

    private List<String> applets(Path program) throws IOException {
        HostTool.Result result = HostTool.run(List.of(program.toString(), "--list-full"), Path.of("/"), TIMEOUT);
        List<String> applets = parseApplets(result.output());
        if (!result.succeeded() || applets.isEmpty()) {
            throw new ImageException(OPERATION, busybox.toString(), "--list-full lists no applet" + REMEDY);
        }
        return applets;
    }

    /** Pure. What does not look like an applet's place is left out: {@code linuxrc} has no use in an image. */
    static List<String> parseApplets(String listing) {
        return listing.lines()
                .filter(line -> APPLET.matcher(line).matches() && !line.equals(HOME))
                .distinct()
                .limit(2000)
                .toList();
    }

    private static String targetFor(String applet) {
        long up = applet.chars().filter(c -> c == '/').count();
        return applet.startsWith("bin/") ? "busybox" : "../".repeat((int) up) + HOME;
    }
}
