package dev.landlord.agent.image.recipe;

import dev.landlord.agent.image.archive.TarExtraction;
import dev.landlord.agent.image.tree.NodeType;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Path;

/** The content of a tar file: plain, gzip or xz. */
public record TarRecipe(Path archive) implements Recipe {
    @Override
    public String fingerprint() throws IOException {
        return new Fingerprint("tar")
                .node(SourcePath.require("extract", archive, NodeType.FILE))
                .hex();
    }

    @Override
    public void lay(TreeWriter writer) throws IOException {
        SourcePath.require("extract", archive, NodeType.FILE);
        TarExtraction.extract(archive, writer);
    }
}
