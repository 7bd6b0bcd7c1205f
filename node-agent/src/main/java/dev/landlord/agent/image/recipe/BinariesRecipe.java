package dev.landlord.agent.image.recipe;

import dev.landlord.agent.image.tree.Attributes;
import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.Node;
import dev.landlord.agent.image.tree.RawName;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Programs of this host with the shared libraries that they need, in an otherwise empty root, each at the path that it has
 * here: the symlinks on the way are copied too, so a host with /bin inside /usr gives an image with /bin inside /usr.
 */
public record BinariesRecipe(List<Path> programs) implements Recipe {
    static final String OPERATION = "build image of programs from";
    private static final int MAX_PROGRAMS = 256;

    public BinariesRecipe {
        programs = List.copyOf(programs);
    }

    /** @param source comma separated absolute paths */
    public static BinariesRecipe parse(String source) throws ImageException {
        List<String> texts =
                Arrays.stream(source.split(",", -1)).map(String::strip).toList();
        if (source.isBlank() || texts.size() > MAX_PROGRAMS) {
            throw new ImageException(
                    OPERATION,
                    "\"" + shorten(source) + "\"",
                    "must be 1 to " + MAX_PROGRAMS + " comma separated paths");
        }
        List<Path> programs = new ArrayList<>();
        for (String text : texts) {
            programs.add(SourcePath.parse(OPERATION, text));
        }
        return new BinariesRecipe(programs);
    }

    @Override
    public String fingerprint() throws IOException {
        Fingerprint fingerprint = new Fingerprint("binaries");
        ProgramClosure closure = ProgramClosure.of(programs);
        for (Map.Entry<RawName, RawName> link : closure.links().entrySet()) {
            fingerprint.text(link.getKey().octets()).text(link.getValue().octets());
        }
        closure.files().values().forEach(fingerprint::node);
        return fingerprint.hex();
    }

    @Override
    public void lay(TreeWriter writer) throws IOException {
        ProgramClosure closure = ProgramClosure.of(programs);
        for (Map.Entry<RawName, RawName> link : closure.links().entrySet()) {
            writer.symlink(link.getKey(), link.getValue(), Attributes.ofRoot(0777));
        }
        for (Map.Entry<RawName, Node> file : closure.files().entrySet()) {
            Node node = file.getValue();
            Attributes attributes = new Attributes(node.mode() & 0755, 0, 0, node.modified());
            writer.copy(file.getKey(), attributes, node.path());
        }
        BaseFiles.lay(writer, closure.links().keySet());
    }

    private static String shorten(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
