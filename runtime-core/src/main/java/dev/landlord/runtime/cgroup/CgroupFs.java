package dev.landlord.runtime.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The few things done with control-group files. Absent files and directories are {@link
 * java.nio.file.NoSuchFileException}, present directories {@link java.nio.file.FileAlreadyExistsException}.
 */
interface CgroupFs {
    void makeDirectory(Path directory) throws IOException;

    void removeDirectory(Path directory) throws IOException;

    boolean exists(Path path);

    /** Names of the directories inside; none if it is not there. */
    List<String> directories(Path directory) throws IOException;

    String read(Path file) throws IOException;

    void write(Path file, String value) throws IOException;

    /** Writes and reads the same file again with one open. */
    String writeAndRead(Path file, String value) throws IOException;

    /**
     * Has a program decide on devices in a group of version 2 and all below it, unless it does so already.
     *
     * @return the kernel's number of it
     */
    int filterDevices(Path directory, byte[] program) throws IOException;

    /** Numbers of the programs that decide on devices in a group of version 2. */
    List<Integer> deviceFilters(Path directory) throws IOException;
}
