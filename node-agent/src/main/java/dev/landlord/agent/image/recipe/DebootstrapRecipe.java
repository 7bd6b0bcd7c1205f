package dev.landlord.agent.image.recipe;

import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.Node;
import dev.landlord.agent.image.tree.RawName;
import dev.landlord.agent.image.tree.RootedPath;
import dev.landlord.agent.image.tree.TreeLimits;
import dev.landlord.agent.image.tree.TreeRemoval;
import dev.landlord.agent.image.tree.TreeWalk;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The smallest Debian of a suite, made by {@code mmdebstrap} or {@code debootstrap} from where this host gets its packages.
 * Made once: later updates of the suite do not change it until its line in the catalogue changes.
 *
 * @param toolDirectories where the tools are looked for
 * @param timeout after which the tool is killed
 * @param failureLog where the tool's output is kept when it fails
 */
public record DebootstrapRecipe(
        String suite, List<Path> toolDirectories, Duration timeout, Path failureLog, TreeLimits limits)
        implements Recipe {
    private static final String OPERATION = "bootstrap suite";
    /** Also keeps a suite from being read as an option. */
    private static final Pattern SUITE = Pattern.compile("[a-z][a-z0-9.-]{0,39}");
    /** What runs in a sandbox gets its own; what a tool left there may not even be files. */
    private static final List<String> EMPTIED = List.of("dev", "proc", "sys");
    /** Names of this host, which are no tenant's business. */
    private static final List<String> REMOVED = List.of("etc/hostname", "etc/resolv.conf");
    /** Logs with the time of the build, and packages and lists that were needed once; the directories stay. */
    private static final List<String> LITTER = List.of("var/log", "var/cache/apt", "var/lib/apt/lists");

    public DebootstrapRecipe {
        toolDirectories = List.copyOf(toolDirectories);
    }

    @Override
    public String fingerprint() throws IOException {
        checkSuite();
        return new Fingerprint("debootstrap").text(suite).hex();
    }

    @Override
    public void lay(TreeWriter writer) throws IOException {
        checkSuite();
        DebootstrapCommand.Tools tools = new DebootstrapCommand.Tools(
                HostTool.find("mmdebstrap", toolDirectories),
                HostTool.find("debootstrap", toolDirectories),
                HostTool.find("unshare", toolDirectories));
        switch (DebootstrapCommand.plan(tools, suite, writer.root())) {
            case DebootstrapCommand.Impossible impossible -> throw refusal(impossible.reason());
            case DebootstrapCommand.Run run -> run(run.command(), writer.root());
        }
    }

    private void run(List<String> command, Path root) throws IOException {
        HostTool.Result result = HostTool.run(command, Path.of("/"), timeout);
        if (!result.succeeded()) {
            Files.writeString(failureLog, result.output());
            String what =
                    result.inTime() ? "exit status " + result.status() : "killed after " + timeout.toSeconds() + " s";
            throw refusal(what + ": " + result.complaint() + " (all output: " + failureLog + ")");
        }
        tidy(root);
    }

    /** Nothing here may follow a symlink; the places are real directories in every Debian, and are skipped otherwise. */
    private void tidy(Path root) throws IOException {
        for (String name : EMPTIED) {
            if (isRealDirectory(root, name)) {
                TreeRemoval.empty(root.resolve(name));
            }
        }
        for (String name : REMOVED) {
            if (isRealDirectory(root, "etc")) {
                Files.deleteIfExists(root.resolve(name));
            }
        }
        for (String name : LITTER) {
            if (isRealDirectory(root, name)) {
                removeFiles(root.resolve(name));
            }
        }
    }

    private void removeFiles(Path directory) throws IOException {
        for (Node node : TreeWalk.list(directory, limits)) {
            if (!node.isDirectory()) {
                Files.delete(node.path());
            }
        }
    }

    private static boolean isRealDirectory(Path root, String name) {
        return RootedPath.follow(root, RawName.ofText(name)) instanceof RootedPath.Trail.Found found
                && found.links().isEmpty()
                && found.node().isDirectory();
    }

    private void checkSuite() throws ImageException {
        if (!SUITE.matcher(suite).matches()) {
            throw new ImageException(OPERATION, "\"" + suite + "\"", "must match " + SUITE.pattern());
        }
    }

    private ImageException refusal(String reason) {
        return new ImageException(OPERATION, suite, reason);
    }
}
