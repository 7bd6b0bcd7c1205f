package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.linux.Errno;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Turns what the kernel refused into the runtime's one exception. */
final class Faults {
    /**
     * The JDK keeps the error's text and hides its number. The number is for people; nothing is decided by it, so a text
     * that is not here is just number 0.
     */
    private static final Map<String, Integer> ERRNO = Map.ofEntries(
            Map.entry("Operation not permitted", 1),
            Map.entry("No such file or directory", 2),
            Map.entry("No such process", 3),
            Map.entry("Argument list too long", 7),
            Map.entry("Cannot allocate memory", 12),
            Map.entry("Permission denied", 13),
            Map.entry("Device or resource busy", 16),
            Map.entry("File exists", 17),
            Map.entry("No such device", 19),
            Map.entry("Not a directory", 20),
            Map.entry("Invalid argument", 22),
            Map.entry("Too many open files in system", 23),
            Map.entry("Too many open files", 24),
            Map.entry("No space left on device", 28),
            Map.entry("Read-only file system", 30),
            Map.entry("Numerical result out of range", 34),
            Map.entry("Directory not empty", 39),
            Map.entry("Operation not supported", 95));

    private Faults() {}

    static SandboxException host(String operation, Path object, IOException cause) {
        return of(Kind.HOST_FAULT, operation, object, cause);
    }

    static SandboxException of(Kind kind, String operation, Path object, IOException cause) {
        int errno = errno(cause);
        Kind told = kind == Kind.HOST_FAULT && Errno.meansExhausted(errno) ? Kind.EXHAUSTED : kind;
        return new SandboxException(told, operation, object.toString(), errno, reason(cause), cause);
    }

    static int errno(IOException cause) {
        return ERRNO.getOrDefault(reason(cause), 0);
    }

    static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException ignored -> "No such file or directory";
            case FileAlreadyExistsException ignored -> "File exists";
            case DirectoryNotEmptyException ignored -> "Directory not empty";
            case FileSystemException e -> e.getReason() == null ? String.valueOf(e.getMessage()) : e.getReason();
            case FileNotFoundException e -> inParentheses(String.valueOf(e.getMessage()));
            default -> String.valueOf(cause.getMessage());
        };
    }

    /** Waits a moment between two looks at the kernel. */
    static void pause(long nanos, String operation, Path object) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException(Kind.TIMEOUT, operation, object.toString(), 0, "interrupted", e);
        }
    }

    private static String inParentheses(String message) {
        int open = message.lastIndexOf(" (");
        return open > 0 && message.endsWith(")") ? message.substring(open + 2, message.length() - 1) : message;
    }
}
