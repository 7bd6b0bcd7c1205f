package dev.landlord.agent.image.tree;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Looks a path up as a process would whose root is a given directory: absolute symlinks start at that root, ".." stops at
 * it, so that nothing outside is ever reached. The tree must not change meanwhile.
 */
public final class RootedPath {
    private static final int MAX_LINKS = 40;
    private static final int MAX_STEPS = 4096;
    private static final RawName TOP = new RawName("");

    /** What a look-up met. */
    public sealed interface Trail {
        /**
         * @param links the symlinks on the way, in order, each by the name that it has after those before it
         * @param node what is there, by its real name; never a symlink
         */
        record Found(List<Link> links, Node node) implements Trail {}

        /** @param reason why there is nothing, for example "no such file or directory" */
        record Broken(String reason) implements Trail {}
    }

    /** One symlink. */
    public record Link(RawName name, RawName target) {}

    private final Path root;
    private final Deque<RawName> ahead = new ArrayDeque<>();
    private final List<Link> links = new ArrayList<>();
    private Node here;
    private int steps;

    private RootedPath(Path root) throws IOException {
        this.root = root;
        this.here = Node.read(TOP, root);
    }

    /** @param path relative to the root; a leading slash changes nothing */
    public static Trail follow(Path root, RawName path) {
        if (path.octets().indexOf('\0') >= 0) {
            return new Trail.Broken("the path has a NUL");
        }
        try {
            return new RootedPath(root).walk(path);
        } catch (FileSystemException e) {
            return new Trail.Broken(e.getReason() == null ? "no such file or directory" : e.getReason());
        } catch (IOException e) {
            return new Trail.Broken("input/output error: " + e.getMessage());
        }
    }

    private Trail walk(RawName path) throws IOException {
        ahead.addAll(path.components());
        while (!ahead.isEmpty()) {
            RawName part = ahead.removeFirst();
            if (++steps > MAX_STEPS) {
                return new Trail.Broken("the path has too many components");
            }
            if (!here.isDirectory()) {
                return new Trail.Broken("/" + here.name() + " is not a directory");
            }
            RawName name =
                    part.isParentStep() ? here.name().parent() : here.name().child(part);
            Optional<Node> next = Node.find(name, name.under(root));
            if (next.isEmpty()) {
                return new Trail.Broken("no such file or directory");
            }
            if (next.get().type() != NodeType.SYMLINK) {
                here = next.get();
            } else if (!pushTarget(next.get())) {
                return new Trail.Broken("more than " + MAX_LINKS + " symlinks");
            }
        }
        return new Trail.Found(List.copyOf(links), here);
    }

    private boolean pushTarget(Node link) throws IOException {
        RawName target = RawName.of(Files.readSymbolicLink(link.path()));
        links.add(new Link(link.name(), target));
        target.components().reversed().forEach(ahead::addFirst);
        if (target.isAbsolute()) {
            here = Node.read(TOP, root);
        }
        return links.size() <= MAX_LINKS;
    }
}
