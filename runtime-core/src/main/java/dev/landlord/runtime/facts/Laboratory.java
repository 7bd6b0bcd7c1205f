package dev.landlord.runtime.facts;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.Usage;
import dev.landlord.runtime.cgroup.CgroupTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Groups with limits for as long as something is tried in them. Each has a name of its own, so trials may overlap. */
final class Laboratory {
    /** Half a second is enough for all; this is for hosts that are busy with something else. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final CgroupTree tree;
    private final OwnerId owner = new OwnerId("host-probe");
    private final AtomicInteger next = new AtomicInteger();

    Laboratory(CgroupTree tree) {
        this.tree = tree;
    }

    /** A group while it is there. */
    record Group(CgroupTree tree, OwnerId owner, SandboxId id) {
        Subject subject(String script) {
            return Subject.in(tree.joinFiles(owner, id), script);
        }

        Usage usage() {
            return tree.usage(owner, id);
        }

        long oomKills() {
            return tree.oomKills(owner, id);
        }

        boolean has(String file) {
            return tree.joinFiles(owner, id).stream().anyMatch(procs -> Files.exists(procs.resolveSibling(file)));
        }

        void limit(Limits limits) {
            tree.update(owner, id, limits);
        }

        /** Empty where there is no such file. */
        String content(String file) {
            return tree.joinFiles(owner, id).stream()
                    .map(procs -> procs.resolveSibling(file))
                    .filter(Files::exists)
                    .map(Laboratory::text)
                    .findFirst()
                    .orElse("");
        }

        /** A counter that is not part of what is reported; 0 where there is none. */
        long counter(String file, String name) {
            return tree.joinFiles(owner, id).stream()
                    .map(procs -> procs.resolveSibling(file))
                    .filter(Files::exists)
                    .flatMap(path -> text(path).lines())
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                    .max()
                    .orElse(0);
        }
    }

    void with(Limits limits, Consumer<Group> work) {
        SandboxId id = new SandboxId("probe-" + ProcessHandle.current().pid() + "-" + next.incrementAndGet());
        tree.create(owner, id, limits);
        try {
            work.accept(new Group(tree, owner, id));
        } finally {
            tree.kill(owner, id);
            tree.remove(owner, id);
        }
    }

    /** Of an agent that died while it probed. */
    void removeEarlierOnes() {
        for (CgroupTree.Leaf leaf : tree.list()) {
            if (leaf.owner().equals(owner)) {
                tree.kill(owner, leaf.id());
                tree.remove(owner, leaf.id());
            }
        }
    }

    void close() {
        tree.removeOwner(owner);
    }

    /** Waits until something has been seen, or says that it was not. */
    static void await(BooleanSupplier seen, String capability, String otherwise) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!seen.getAsBoolean()) {
            require(System.nanoTime() < deadline, capability, otherwise);
            Subject.rest();
        }
    }

    static void require(boolean condition, String capability, String otherwise) {
        if (!condition) {
            throw new SandboxException(Kind.UNSUPPORTED, "verify", capability, otherwise);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "read", file.toString(), 0, String.valueOf(e.getMessage()), e);
        }
    }

    static Limits limits(Limits.Cpu cpu, Limits.Memory memory) {
        return new Limits(cpu, memory, null, List.of(), List.of());
    }
}
