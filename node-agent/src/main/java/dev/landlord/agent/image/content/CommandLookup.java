package dev.landlord.agent.image.content;

import dev.landlord.agent.image.tree.Node;
import dev.landlord.agent.image.tree.NodeType;
import dev.landlord.agent.image.tree.RawName;
import dev.landlord.agent.image.tree.RootedPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a root file system holds the program that a workload wants to run. */
public sealed interface CommandLookup {
    /** The search path when a workload sets none. */
    String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** @param path absolute path inside of the image, as the search found it: symlinks are not resolved */
    record Found(String path) implements CommandLookup {}

    /** @param reason one line that names the command */
    record NotFound(String reason) implements CommandLookup {}

    /**
     * Looks up {@code command} as exec does: by the search path if it has no slash, else from the working directory. Also
     * holds that a script's or program's interpreter is in the image, whose absence is else reported as the program's own.
     *
     * @param rootfs of an image
     * @param searchPath directories with colons between, see {@link #DEFAULT_PATH}
     * @param workdir absolute path inside of the image
     */
    static CommandLookup find(Path rootfs, String command, String searchPath, String workdir) {
        if (command.isEmpty() || command.length() > 4096) {
            return new NotFound("command must have 1 to 4096 characters");
        }
        List<String> candidates = command.indexOf('/') >= 0
                ? List.of(absolute(command, workdir))
                : Stream.of(searchPath.split(":", -1))
                        .limit(256)
                        .map(directory -> absolute(directory.isEmpty() ? "." : directory, workdir) + "/" + command)
                        .toList();
        CommandLookup worst = new NotFound("command \"" + command + "\": no such file in the image"
                + (candidates.size() > 1 ? ", searched " + searchPath : ""));
        for (String candidate : candidates) {
            switch (RootedPath.follow(rootfs, RawName.ofText(candidate))) {
                case RootedPath.Trail.Broken ignored -> {}
                case RootedPath.Trail.Found found -> {
                    Optional<String> fault = faultOf(rootfs, found.node());
                    if (fault.isEmpty()) {
                        return new Found(candidate);
                    }
                    // As execvp does: the search goes on, but this is what is said in the end.
                    worst = new NotFound("command \"" + command + "\": " + candidate + " " + fault.get());
                }
            }
        }
        return worst;
    }

    private static String absolute(String path, String workdir) {
        return path.startsWith("/") ? path : workdir + "/" + path;
    }

    private static Optional<String> faultOf(Path rootfs, Node node) {
        if (node.type() != NodeType.FILE) {
            return Optional.of("is a " + node.type().words());
        }
        if ((node.mode() & 0111) == 0) {
            return Optional.of("is not executable");
        }
        try {
            return Interpreter.of(node.path())
                    .filter(path -> !isFile(rootfs, path))
                    .map(path -> "needs the interpreter " + path + ", which is not in the image");
        } catch (IOException e) {
            return Optional.of("cannot be read: " + e.getMessage());
        }
    }

    private static boolean isFile(Path rootfs, String path) {
        return RootedPath.follow(rootfs, RawName.ofText(path)) instanceof RootedPath.Trail.Found found
                && found.node().type() == NodeType.FILE;
    }
}
