package dev.landlord.agent.image.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides how a Debian root file system is made from what this host has. Pure. */
sealed interface DebootstrapCommand {
    record Run(List<String> command) implements DebootstrapCommand {}

    record Impossible(String reason) implements DebootstrapCommand {}

    /** What was found on this host. */
    record Tools(Optional<Path> mmdebstrap, Optional<Path> debootstrap, Optional<Path> unshare) {}

    /**
     * No mirror is named: the tool has a default, and the host's apt configuration its proxies. mmdebstrap comes first; it
     * needs a third of the time.
     */
    static DebootstrapCommand plan(Tools tools, String suite, Path root) {
        if (tools.mmdebstrap().isEmpty() && tools.debootstrap().isEmpty()) {
            return new Impossible(
                    "neither mmdebstrap nor debootstrap is installed; install the Debian package mmdebstrap");
        }
        if (tools.unshare().isEmpty()) {
            return new Impossible("unshare is not installed; install the Debian package util-linux");
        }
        // In namespaces of its own: killing one process ends every process of the tool, and its mounts go with it.
        List<String> command = new ArrayList<>(List.of(
                tools.unshare().get().toString(),
                "--mount",
                "--propagation=private",
                "--pid",
                "--fork",
                "--kill-child=KILL",
                "--mount-proc",
                "--"));
        command.addAll(tools.mmdebstrap()
                .map(tool -> List.of(
                        tool.toString(),
                        "--variant=minbase",
                        "--mode=root",
                        "--format=directory",
                        "--skip=output/dev",
                        suite,
                        root.toString()))
                .orElseGet(() -> List.of(
                        tools.debootstrap().orElseThrow().toString(), "--variant=minbase", suite, root.toString())));
        return new Run(List.copyOf(command));
    }
}
