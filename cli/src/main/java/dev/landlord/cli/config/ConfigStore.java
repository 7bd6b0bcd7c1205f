package dev.landlord.cli.config;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Reads and writes the configuration file. Changes are atomic, and two commands that change it at a time take turns. */
public final class ConfigStore {
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;
    private final YAMLMapper mapper = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .build();

    public ConfigStore(Path file) {
        this.file = file;
    }

    /** LANDLORD_CONFIG, or landlord/config.yaml in XDG_CONFIG_HOME or ~/.config. */
    public static ConfigStore of(Terminal terminal) {
        String explicit = terminal.variable("LANDLORD_CONFIG");
        if (explicit != null) {
            return new ConfigStore(Path.of(explicit));
        }
        String xdg = terminal.variable("XDG_CONFIG_HOME");
        Path folder = xdg == null ? terminal.home().resolve(".config") : Path.of(xdg);
        return new ConfigStore(folder.resolve("landlord").resolve("config.yaml"));
    }

    public Path file() {
        return file;
    }

    /** What the file says; empty when there is none. */
    public ConfigFile read() {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw CommandFailure.usage(file + ": larger than " + MAX_BYTES + " bytes");
            }
            String text = Files.readString(file);
            return text.isBlank() ? ConfigFile.EMPTY : mapper.readValue(text, ConfigFile.class);
        } catch (NoSuchFileException ignored) {
            return ConfigFile.EMPTY;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + file + ": " + e, e);
        } catch (JacksonException e) {
            // The original message quotes the text around the fault, and that can be a token.
            throw CommandFailure.usage(file + ": is not a configuration; " + reason(e));
        }
    }

    private static String reason(JacksonException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "unknown field " + unknown.getPropertyName();
        }
        String line =
                e.getLocation() == null ? "" : "look at line " + e.getLocation().getLineNr() + "; ";
        return line
                + "known are current, and contexts of server, ca-file, token-file, token, tenant, scrape-token-file";
    }

    /** Whether somebody else than the owner may read the file. */
    public boolean isReadableByOthers() {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return permissions.contains(PosixFilePermission.GROUP_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException ignored) {
            return false;
        }
    }

    /** Reads, changes and writes the file under a lock. */
    public void update(UnaryOperator<ConfigFile> change) {
        try {
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
            Files.createDirectories(folder);
            Path lock = folder.resolve(file.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Closing the channel releases the lock.
                channel.lock();
                write(folder, change.apply(read()));
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot write " + file + ": " + e, e);
        }
    }

    private void write(Path folder, ConfigFile content) throws IOException {
        var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path fresh = Files.createTempFile(folder, ".config", ".yaml", onlyOwner);
        try {
            Files.writeString(fresh, mapper.writeValueAsString(content));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
