package dev.landlord.agent.image;

import dev.landlord.agent.image.recipe.Recipe;
import dev.landlord.agent.image.tree.Attributes;
import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.Node;
import dev.landlord.agent.image.tree.RawName;
import dev.landlord.agent.image.tree.TreeDigest;
import dev.landlord.agent.image.tree.TreeLimits;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Carries one recipe out: stage, lay, check, publish. Whatever goes wrong, nothing is left. */
final class ImageBuild {
    /** A symlink in one of these places would decide where the runtime mounts. */
    private static final List<String> MOUNT_POINTS = List.of("dev", "proc", "sys", "tmp");

    private final ImageStore store;
    private final ImageSettings settings;

    ImageBuild(ImageStore store, ImageSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    ImageStore.Stored run(Recipe recipe) throws IOException {
        Path stage = store.stage();
        try {
            TreeLimits limits = store.bounded(settings.limits());
            TreeWriter writer = new TreeWriter(stage.resolve("rootfs"), limits, settings.ownership());
            recipe.lay(writer);
            for (String name : MOUNT_POINTS) {
                requireMountPoint(RawName.ofText(name), writer);
            }
            writer.finish();
            return store.publish(stage, TreeDigest.of(writer.root(), limits), limits);
        } finally {
            store.discard(stage);
        }
    }

    private static void requireMountPoint(RawName name, TreeWriter writer) throws IOException {
        Optional<Node> node = Node.find(name, name.under(writer.root()));
        if (node.isEmpty()) {
            writer.directory(name, Attributes.ofRoot(name.octets().equals("tmp") ? 01777 : 0755));
        } else if (!node.get().isDirectory()) {
            throw new ImageException(
                    "entry",
                    "/" + name,
                    "must be a directory in an image, is a " + node.get().type().words());
        }
    }
}
