package dev.landlord.agent.image.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes a tree node by node below a root directory that nobody else writes. Names are relative to the root and hostile:
 * every directory on the way is one that this writer made, never a symlink. Call {@link #finish} last. Not thread-safe.
 */
public final class TreeWriter {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_ID = 65_535;
    /** Beyond the year 2242 file systems differ in what they can store. */
    private static final long MAX_TIME_SECONDS = 1L << 33;

    private final Path root;
    private final TreeBudget budget;
    private final Ownership ownership;
    /** Applied at the end: a directory that is read-only from the start could not be filled by a plain user. */
    private final NavigableMap<RawName, Attributes> directories = new TreeMap<>();

    /** @param root an existing, empty directory */
    public TreeWriter(Path root, TreeLimits limits, Ownership ownership) {
        this.root = root;
        this.budget = new TreeBudget(limits);
        this.ownership = ownership;
    }

    public Path root() {
        return root;
    }

    /** Makes a directory and those above it, or gives an existing one new attributes. */
    public void directory(RawName name, Attributes attributes) throws IOException {
        checkIds(name, attributes);
        budget.entry(name);
        makeParents(name);
        if (!directories.containsKey(name)) {
            makeDirectory(name);
        }
        directories.put(name, attributes);
    }

    /** @param size announced length of the content; the content is bounded on its own */
    public void file(RawName name, Attributes attributes, long size, InputStream content) throws IOException {
        checkIds(name, attributes);
        budget.checkRoom(name, size);
        Path path = place(name);
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                budget.bytes(name, n);
                out.write(buffer, 0, n);
            }
        }
        apply(path, attributes);
    }

    /** Copies a regular file of this host. */
    public void copy(RawName name, Attributes attributes, Path source) throws IOException {
        checkIds(name, attributes);
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long size = in.size();
            budget.checkRoom(name, size);
            budget.bytes(name, size);
            Path path = place(name);
            try (FileChannel out = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                transfer(in, out, size, source);
            }
            apply(path, attributes);
        }
    }

    /** The target is data: nothing is looked up through it here. */
    public void symlink(RawName name, RawName target, Attributes attributes) throws IOException {
        checkIds(name, attributes);
        if (target.length() == 0 || target.octets().indexOf('\0') >= 0 || target.length() > 4095) {
            throw new ImageException("entry", name.toString(), "the target of the symlink must have 1 to 4095 bytes");
        }
        Path path = place(name);
        Files.createSymbolicLink(path, target.asTarget());
        own(path, attributes);
    }

    /** A second name for a file, or a copy of a symlink, that this writer made earlier. */
    public void hardLink(RawName name, RawName existing) throws IOException {
        Node target = findInside(existing)
                .orElseThrow(() -> new ImageException(
                        "entry", name.toString(), "hard link to " + existing + ", which is not earlier in the image"));
        switch (target.type()) {
            case FILE -> {
                if (!name.equals(existing)) {
                    Files.createLink(place(name), target.path());
                }
            }
            case SYMLINK -> symlink(name, RawName.of(Files.readSymbolicLink(target.path())), Attributes.of(target));
            default ->
                throw new ImageException(
                        "entry",
                        name.toString(),
                        "hard link to " + existing + ", which is a "
                                + target.type().words());
        }
    }

    /** Gives the directories their attributes, the innermost first. */
    public void finish() throws IOException {
        for (Map.Entry<RawName, Attributes> directory :
                directories.descendingMap().entrySet()) {
            apply(directory.getKey().under(root), directory.getValue());
        }
        apply(root, Attributes.ofRoot(0755));
    }

    private static void transfer(FileChannel in, FileChannel out, long size, Path source) throws IOException {
        for (long done = 0; done < size; ) {
            long count = in.transferTo(done, size - done, out);
            if (count <= 0) {
                throw new ImageException("copy", source.toString(), "became shorter while it was copied");
            }
            done += count;
        }
    }

    /** Counts the node, makes its parents, and clears its place: a later entry replaces an earlier one. */
    private Path place(RawName name) throws IOException {
        budget.entry(name);
        makeParents(name);
        Path path = name.under(root);
        Optional<Node> before = Node.find(name, path);
        if (before.isPresent()) {
            if (before.get().isDirectory()) {
                throw new ImageException("entry", name.toString(), "is a directory already");
            }
            Files.delete(path);
        }
        return path;
    }

    private Optional<Node> findInside(RawName name) throws IOException {
        RawName parent = name.parent();
        boolean reachable = name.length() > 0 && (parent.length() == 0 || directories.containsKey(parent));
        return reachable ? Node.find(name, name.under(root)) : Optional.empty();
    }

    private void makeParents(RawName name) throws IOException {
        RawName parent = name.parent();
        if (parent.length() == 0 || directories.containsKey(parent)) {
            return;
        }
        makeParents(parent);
        budget.entry(parent);
        makeDirectory(parent);
        directories.put(parent, Attributes.ofRoot(0755));
    }

    private void makeDirectory(RawName name) throws IOException {
        Path path = name.under(root);
        Optional<Node> before = Node.find(name, path);
        if (before.isPresent()) {
            String what = before.get().type().words();
            throw new ImageException("entry", name.toString(), "is a " + what + " already; nothing may go through it");
        }
        Files.createDirectory(path);
    }

    private static void checkIds(RawName name, Attributes attributes) throws ImageException {
        if (attributes.uid() < 0 || attributes.uid() > MAX_ID || attributes.gid() < 0 || attributes.gid() > MAX_ID) {
            throw new ImageException(
                    "entry",
                    name.toString(),
                    "owner " + Integer.toUnsignedString(attributes.uid()) + ":"
                            + Integer.toUnsignedString(attributes.gid()) + " is not between 0 and " + MAX_ID);
        }
    }

    private void apply(Path path, Attributes attributes) throws IOException {
        // The order matters: chown clears the setuid bit.
        own(path, attributes);
        Files.setAttribute(path, "unix:mode", attributes.mode());
        FileTime time = clamp(attributes.modified());
        Files.getFileAttributeView(path, BasicFileAttributeView.class).setTimes(time, time, null);
    }

    private void own(Path path, Attributes attributes) throws IOException {
        if (ownership == Ownership.KEEP) {
            Files.setAttribute(path, "unix:uid", attributes.uid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", attributes.gid(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static FileTime clamp(FileTime time) {
        long seconds = time.toInstant().getEpochSecond();
        return seconds >= 0 && seconds < MAX_TIME_SECONDS ? time : FileTime.fromMillis(0);
    }
}
