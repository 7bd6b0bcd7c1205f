package dev.landlord.cli.config;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

/** A file that holds one token. No message ever quotes what is in it. */
public final class TokenFile {
    private static final int MAX_LENGTH = 1024;

    private TokenFile() {}

    /** The token, without the white space around it. */
    public static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_LENGTH + 1);
            return check("token file " + file, new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read token file " + file + ": " + reason(e), e);
        }
    }

    /** The token if the text can be one: it goes into a header, so it is one word of visible ASCII. */
    public static String check(String source, String text) {
        String token = text.strip();
        boolean oneWord = !token.isEmpty() && token.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        if (!oneWord || token.length() > MAX_LENGTH) {
            throw CommandFailure.usage(source + ": does not hold a token");
        }
        return token;
    }

    /**
     * Makes the file, readable by its owner alone, before there is a token to put in it: a token is shown once, so that it
     * must not be lost because of a file that cannot be written. Refuses a file that exists.
     */
    public static void reserve(Path file) {
        var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var fresh = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            Files.newByteChannel(file, fresh, onlyOwner).close();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot make token file " + file + ": " + reason(e), e);
        }
    }

    /** Fills a reserved file. */
    public static void write(Path file, String token) {
        try {
            Files.writeString(file, token + "\n", StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot write token file " + file + ": " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException unused -> "no such file";
            case java.nio.file.AccessDeniedException unused -> "permission denied";
            case java.nio.file.FileAlreadyExistsException unused -> "it exists already";
            default -> e.toString();
        };
    }
}
