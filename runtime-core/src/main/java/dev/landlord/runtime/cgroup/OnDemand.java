package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.OwnerId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Controllers of version 2 that cost something for every group and are wanted by few: handed down when they are. */
final class OnDemand {
    static final String HUGETLB = "hugetlb";
    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/hugepages");

    private OnDemand() {}

    /** Whether version 2 has the controller to give at all. */
    static boolean gives(Groups groups, String controller) {
        Path file = top(groups).resolve("cgroup.controllers");
        try {
            return hasWord(groups.fs().read(file), controller);
        } catch (NoSuchFileException ignored) {
            return false;
        } catch (IOException e) {
            throw Faults.host("read", file, e);
        }
    }

    /** From the mount down to the slice, so that its sandboxes have it; also those that are there already. */
    static void handDown(Groups groups, OwnerId owner, String controller) {
        for (Path directory : way(groups, groups.owner(owner))) {
            Path file = directory.resolve("cgroup.subtree_control");
            try {
                if (!hasWord(groups.fs().read(file), controller)) {
                    groups.fs().write(file, "+" + controller + "\n");
                }
            } catch (IOException e) {
                throw Faults.host("enable " + controller + " in", file, e);
            }
        }
    }

    private static List<Path> way(Groups groups, String group) {
        List<Path> way = new ArrayList<>(List.of(top(groups)));
        for (Path part : Path.of(group)) {
            way.add(way.getLast().resolve(part));
        }
        return way;
    }

    private static Path top(Groups groups) {
        Path top = groups.directory(Hierarchy.UNIFIED, groups.root());
        for (int depth = Path.of(groups.root()).getNameCount(); depth > 0; depth--) {
            top = Objects.requireNonNull(top.getParent());
        }
        return top;
    }

    private static boolean hasWord(String text, String word) {
        return List.of(text.strip().split(" ", -1)).contains(word);
    }

    /** As control groups name them. */
    static Set<String> hugePageSizes(CgroupFs fs) {
        try {
            return fs.directories(HUGE_PAGES).stream()
                    .filter(name -> name.matches("hugepages-\\d+kB"))
                    .map(name -> sizeOf(Long.parseLong(name.substring(10, name.length() - 2))))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw Faults.host("list", HUGE_PAGES, e);
        }
    }

    private static String sizeOf(long kib) {
        if (kib >= 1 << 20) {
            return (kib >> 20) + "GB";
        }
        return kib >= 1 << 10 ? (kib >> 10) + "MB" : kib + "KB";
    }
}
