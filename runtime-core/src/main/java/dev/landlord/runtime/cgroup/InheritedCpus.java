package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.limit.V1Writes;
import dev.landlord.runtime.proc.CpuList;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Version 1 hands no list of CPUs down to groups that are there already, and takes none from a slice that a sandbox in it still
 * has. So those that have their slice's list are moved ahead of it, within a slice that has both the old and the new one.
 */
final class InheritedCpus {
    private final CgroupFs fs;
    private final Path slice;
    private final BitSet before;
    private List<Path> followers = List.of();

    private InheritedCpus(CgroupFs fs, Path slice, BitSet before) {
        this.fs = fs;
        this.slice = slice;
        this.before = before;
    }

    static InheritedCpus of(Groups groups, OwnerId owner) {
        Path file = groups.file("cpuset", groups.owner(owner), V1Writes.CPUS);
        return new InheritedCpus(groups.fs(), file, cpus(groups.fs(), file));
    }

    /** Nothing changes if the kernel does not take the list: whoever limits the slice is told why. */
    void move(BitSet wanted) {
        if (wanted.equals(before)) {
            return;
        }
        BitSet both = (BitSet) before.clone();
        both.or(wanted);
        try {
            followers = followers();
            write(slice, both);
            for (Path leaf : followers) {
                write(leaf, wanted);
            }
        } catch (IOException refused) {
            moveBack();
        }
    }

    void moveBack() {
        try {
            for (Path leaf : followers) {
                write(leaf, before);
            }
            write(slice, before);
        } catch (IOException e) {
            throw Faults.host("set cpu.cpuset", slice, e);
        }
    }

    private List<Path> followers() throws IOException {
        Path directory = Objects.requireNonNull(slice.getParent());
        return fs.directories(directory).stream()
                .map(name -> directory.resolve(name).resolve(V1Writes.CPUS))
                .filter(leaf -> cpus(fs, leaf).equals(before))
                .toList();
    }

    private void write(Path file, BitSet cpus) throws IOException {
        try {
            if (!cpus(fs, file).equals(cpus)) {
                fs.write(file, cpus.stream().mapToObj(Integer::toString).collect(Collectors.joining(",")) + "\n");
            }
        } catch (NoSuchFileException ignored) {
            // it was removed meanwhile
        }
    }

    /** Of a sandbox that was removed meanwhile, none. */
    private static BitSet cpus(CgroupFs fs, Path file) {
        try {
            return CpuList.parse(fs.read(file));
        } catch (NoSuchFileException ignored) {
            return new BitSet();
        } catch (IOException e) {
            throw Faults.host("read", file, e);
        }
    }
}
