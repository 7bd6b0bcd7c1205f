package dev.landlord.agent.image.elf;

import java.nio.file.Path;
import java.util.List;

/** The closure of shared libraries, or why there is none. */
public sealed interface LinkResult {
    /** @param libraries each once, in the order in which the loader would meet them; empty for a static program */
    record Linked(List<Library> libraries) implements LinkResult {}

    /** @param object the file at fault */
    record Unlinkable(Path object, String reason) implements LinkResult {}
}
