package dev.landlord.agent.image.tree;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes a tree survive a power cut, once it has been written whole. */
public final class TreeSync {
    private static final int THREADS = 16;

    private TreeSync() {}

    /** Files first, then directories: a durable name must not point to content that is lost. */
    public static void sync(Path root, TreeLimits limits) throws IOException {
        List<Node> nodes = TreeWalk.list(root, limits);
        syncFiles(nodes.stream()
                .filter(node -> node.type() == NodeType.FILE)
                .map(Node::path)
                .toList());
        for (Node node : nodes.reversed()) {
            if (node.isDirectory()) {
                syncOne(node.path());
            }
        }
        syncOne(root);
    }

    /** Many at once share one commit of the file system's journal, which is what takes the time. */
    private static void syncFiles(List<Path> files) throws IOException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Void>> pending = new ArrayList<>();
            for (Path file : files) {
                pending.add(threads.submit(() -> {
                    syncOne(file);
                    return null;
                }));
            }
            for (Future<Void> one : pending) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException fault ? fault : new IOException("sync failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while an image was made durable");
        }
    }

    /** One file, or the names in one directory. */
    public static void syncOne(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
