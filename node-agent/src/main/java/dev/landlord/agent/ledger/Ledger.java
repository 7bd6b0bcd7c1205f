package dev.landlord.agent.ledger;

import dev.landlord.api.id.Id;
import dev.landlord.api.sync.DesiredState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * The agent's memory on disk. A save is whole or did not happen, whatever moment the process or the host dies. For one
 * thread.
 */
public final class Ledger {
    private static final String NAME = "ledger.json";
    /** Ten times what ten thousand allocations need; more is not a ledger. */
    private static final long MAX_BYTES = 256L << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance))
            .build();

    private final Path directory;
    private final Path file;
    private LedgerContent content;
    private SetText lastText = new SetText(null, "null");

    /** A set and how it is written. */
    private record SetText(@Nullable DesiredState set, String json) {}

    private Ledger(Path directory) {
        this.directory = directory;
        this.file = directory.resolve(NAME);
        this.content = Files.exists(file) ? read() : LedgerContent.EMPTY;
    }

    /**
     * Reads what an earlier agent left in the directory, which must exist.
     *
     * @throws LedgerException if there is a file that is not a whole ledger of a known version
     */
    public static Ledger open(Path directory) {
        return new Ledger(directory);
    }

    /** What was saved last. */
    public LedgerContent content() {
        return content;
    }

    /**
     * Returns once the content is on the disk.
     *
     * @throws LedgerException if it could not be written; then the earlier content stands
     */
    public void save(LedgerContent next) {
        Path fresh = directory.resolve(NAME + ".new");
        try {
            writeDurably(fresh, bytes(next));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // The rename itself is only durable once its directory is.
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw new LedgerException("write", file, String.valueOf(e), e);
        }
        content = next;
    }

    /** The accepted set is most of it and changes least, so its text is kept from save to save. */
    private byte[] bytes(LedgerContent next) {
        if (!Objects.equals(next.accepted(), lastText.set())) {
            lastText = new SetText(next.accepted(), JSON.writeValueAsString(next.accepted()));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(lastText.json().length() + 4096);
        LedgerFile form = LedgerFile.of(next);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberProperty("version", form.version());
            out.writePOJOProperty("requires", form.requires());
            out.writeName("accepted");
            out.writeRawValue(lastText.json());
            out.writePOJOProperty("idBlocks", form.idBlocks());
            out.writePOJOProperty("records", form.records());
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void writeDurably(Path path, byte[] bytes) throws IOException {
        Set<StandardOpenOption> options =
                EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(
                path, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private LedgerContent read() {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw broken("it has more than " + MAX_BYTES + " bytes", null);
            }
            LedgerFile read = JSON.readValue(Files.readAllBytes(file), LedgerFile.class);
            if (read == null || read.version() < 1) {
                throw broken("it names no version", null);
            }
            if (!List.of(LedgerFile.LEASE).containsAll(read.requires())) {
                throw broken("a newer agent wrote it; it requires " + read.requires(), null);
            }
            return read.content();
        } catch (JacksonException e) {
            throw broken(e.getOriginalMessage(), e);
        } catch (NullPointerException | IllegalStateException | IllegalArgumentException e) {
            throw broken("a part is missing or double: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new LedgerException("read", file, String.valueOf(e), e);
        }
    }

    private LedgerException broken(String reason, @Nullable Throwable cause) {
        return new LedgerException(
                "read",
                file,
                reason + ". Without its ledger the agent cannot tell which sandboxes are wanted, so it does not start:"
                        + " restore the file, or move it away and every sandbox that runs is kept as an orphan",
                cause);
    }
}
