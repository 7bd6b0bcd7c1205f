package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.linux.DevicePrograms;
import dev.landlord.runtime.linux.LinuxFault;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's files. Plain streams, because this is on the way of every start: one open, one write, one read, no
 * attribute looked up.
 */
final class HostCgroupFs implements CgroupFs {
    /** More than any of these files has; memory.stat of a large host is about 4 KiB. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int CHUNK = 8192;

    @Override
    public void makeDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    @Override
    public void removeDirectory(Path directory) throws IOException {
        Files.delete(directory);
    }

    @Override
    public boolean exists(Path path) {
        return path.toFile().exists();
    }

    @Override
    public List<String> directories(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        File[] files = directory.toFile().listFiles(File::isDirectory);
        if (files == null) {
            if (exists(directory)) {
                throw new IOException("cannot be listed");
            }
            return names;
        }
        for (File file : files) {
            names.add(file.getName());
        }
        return names;
    }

    @Override
    public String read(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = new byte[CHUNK];
            int length = 0;
            for (int n; (n = in.read(bytes, length, bytes.length - length)) > 0; ) {
                length += n;
                if (length == bytes.length) {
                    bytes = grown(bytes);
                }
            }
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        } catch (FileNotFoundException e) {
            throw absentOr(e, file);
        }
    }

    @Override
    public void write(Path file, String value) throws IOException {
        try (OutputStream out = new FileOutputStream(file.toFile())) {
            out.write(value.getBytes(StandardCharsets.UTF_8));
        } catch (FileNotFoundException e) {
            throw absentOr(e, file);
        }
    }

    @Override
    public String writeAndRead(Path file, String value) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.write(value.getBytes(StandardCharsets.UTF_8));
            opened.seek(0);
            byte[] bytes = new byte[CHUNK];
            int length = 0;
            for (int n; (n = opened.read(bytes, length, bytes.length - length)) > 0; ) {
                length += n;
                if (length == bytes.length) {
                    bytes = grown(bytes);
                }
            }
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        } catch (FileNotFoundException e) {
            throw absentOr(e, file);
        }
    }

    @Override
    public int filterDevices(Path directory, byte[] program) throws IOException {
        try {
            return DevicePrograms.attach(directory.toString(), program);
        } catch (LinuxFault e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public List<Integer> deviceFilters(Path directory) throws IOException {
        try {
            return DevicePrograms.decidingFor(directory.toString());
        } catch (LinuxFault e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static byte[] grown(byte[] bytes) throws IOException {
        if (bytes.length >= MAX_BYTES) {
            throw new IOException("longer than " + MAX_BYTES + " bytes");
        }
        return java.util.Arrays.copyOf(bytes, bytes.length * 2);
    }

    /** Opening to write asks to create, which the kernel answers with "permission denied" where there is no such file. */
    private IOException absentOr(FileNotFoundException e, Path file) {
        if (exists(file)) {
            return e;
        }
        NoSuchFileException absent = new NoSuchFileException(file.toString());
        absent.initCause(e);
        return absent;
    }
}
