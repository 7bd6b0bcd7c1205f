package dev.landlord.agent.image.tree;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** An image cannot be made: which operation on which object, and why. Never leaves the image rooms. */
public final class ImageException extends IOException {
    private final String message;

    public ImageException(String operation, String object, String reason) {
        this.message = operation + " " + object + ": " + reason;
    }

    private ImageException(String operation, String object, String reason, Throwable cause) {
        super(cause);
        this.message = operation + " " + object + ": " + reason;
    }

    /** Operation, object and reason, in one line. */
    @Override
    public String getMessage() {
        return message;
    }

    /** Keeps one that already names its object, names the object of any other. */
    public static ImageException of(String operation, String object, IOException cause) {
        return cause instanceof ImageException known
                ? known
                : new ImageException(operation, object, reasonOf(object, cause), cause);
    }

    private static String reasonOf(String object, IOException cause) {
        if (cause instanceof FileSystemException fault) {
            String file = Objects.requireNonNullElse(fault.getFile(), "");
            return file.isEmpty() || file.equals(object) ? faultOf(fault) : file + ": " + faultOf(fault);
        }
        return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
    }

    private static String faultOf(FileSystemException fault) {
        return switch (fault) {
            case NoSuchFileException ignored -> "no such file or directory";
            case AccessDeniedException ignored -> "permission denied";
            case FileAlreadyExistsException ignored -> "exists already";
            case NotDirectoryException ignored -> "not a directory";
            case DirectoryNotEmptyException ignored -> "directory is not empty";
            default -> Objects.requireNonNullElse(fault.getReason(), "input/output error");
        };
    }
}
