package dev.landlord.agent.image.recipe;

import dev.landlord.agent.image.tree.TreeWriter;
import java.io.IOException;

/** One way to make a root file system. */
public sealed interface Recipe permits BusyboxRecipe, BinariesRecipe, DirectoryRecipe, TarRecipe, DebootstrapRecipe {
    /**
     * What it would be made from, without making it: equal as long as nothing changed. Refuses what can be seen to be
     * wrong already, so that it is also the cheap check of the source.
     */
    String fingerprint() throws IOException;

    /** Lays the whole tree into an empty directory; the caller throws it away if this fails. */
    void lay(TreeWriter writer) throws IOException;
}
