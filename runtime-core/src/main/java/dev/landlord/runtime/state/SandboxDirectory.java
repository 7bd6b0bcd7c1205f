package dev.landlord.runtime.state;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Connection.PublishedPort;
import dev.landlord.runtime.Console;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one sandbox:
 *
 * <pre>
 * run                1 SUPERVISOR PROGRAM MILLIS OWNER ISOLATION [FENCED]  written and locked by the supervisor while it lives
 * exit               1 CODE SIGNAL MILLIS                         written by the supervisor when the program has ended
 * process            1, UID, GID, GROUP..., WORKDIR, NAME=VALUE...  each ended by a NUL; groups by commas
 * console            1 KIND                                      absent if the program reads nothing
 * connection         1 ADDRESS MARK PROTOCOL:PORT:HOSTPORT...    written before anything of its network is made
 * stdout.N stderr.N  output from its Nth byte on
 * </pre>
 *
 * Each line begins with the version of its format; later fields of a line are ignored.
 */
public final class SandboxDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxDirectory.class);
    private static final String VERSION = "1";
    private static final String FENCED = "FENCED";
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final SandboxId id;
    private final Path path;

    public SandboxDirectory(Path parent, SandboxId id) {
        this.id = id;
        this.path = parent.resolve(id.value());
    }

    /**
     * What the supervisor says of itself.
     *
     * @param startedAtEpochMillis 0 when the program was never let go
     * @param fenced it has ended its sandbox, or is about to, because the lease of the host had run out
     */
    public record Run(
            int supervisorPid,
            int programPid,
            long startedAtEpochMillis,
            OwnerId owner,
            Isolation isolation,
            boolean fenced) {}

    public record End(int exitCode, int signal, long atEpochMillis) {}

    public SandboxId id() {
        return id;
    }

    public Path path() {
        return path;
    }

    public void create() {
        try {
            Files.createDirectory(path, OWNER_ONLY);
        } catch (FileAlreadyExistsException e) {
            throw new SandboxException(Kind.ALREADY_EXISTS, "create", id.value(), "there is one with this id");
        } catch (IOException e) {
            throw fault("create", e);
        }
    }

    /** Only while its supervisor lives: the kernel says who holds the lock, so a reused pid cannot deceive. */
    public Optional<Run> liveRun() {
        Path file = path.resolve("run");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        OptionalInt holder = Linux.lockHolder(file.toString());
        Optional<Run> run = run();
        return holder.isPresent() ? run : Optional.empty();
    }

    public Optional<Run> run() {
        return parsed(
                "run",
                6,
                fields -> new Run(
                        Integer.parseInt(fields[1]),
                        Integer.parseInt(fields[2]),
                        Long.parseLong(fields[3]),
                        new OwnerId(fields[4]),
                        Isolation.valueOf(fields[5]),
                        fields.length > 6 && fields[6].equals(FENCED)));
    }

    /** Whether the end of a lease has ended it, or will as soon as it is thawed. */
    public boolean fenced() {
        return run().filter(Run::fenced).isPresent();
    }

    public Optional<End> end() {
        return parsed(
                "exit",
                4,
                fields -> new End(Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), Long.parseLong(fields[3])));
    }

    /** What a crash of the host tore or left empty counts as not written. Bytes, because they may be no text at all. */
    private <T> Optional<T> parsed(String file, int count, Function<String[], T> form) {
        try {
            String text = new String(Files.readAllBytes(path.resolve(file)), StandardCharsets.ISO_8859_1);
            String[] fields = text.strip().split(" ", -1);
            return fields.length >= count && fields[0].equals(VERSION)
                    ? Optional.of(form.apply(fields))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            LOG.warn("file {} of sandbox {} is not of its form and counts as absent", file, id, e);
            return Optional.empty();
        } catch (IOException e) {
            throw fault("read " + file + " of", e);
        }
    }

    public void noteConnection(Connection connection) {
        StringBuilder line = new StringBuilder(VERSION + " " + connection.address() + " " + connection.tenantMark());
        connection
                .ports()
                .forEach(port -> line.append(' ')
                        .append(port.protocol())
                        .append(':')
                        .append(port.port())
                        .append(':')
                        .append(port.hostPort()));
        try {
            Files.writeString(path.resolve("connection"), line.append('\n'));
        } catch (IOException e) {
            throw fault("write connection of", e);
        }
    }

    public Optional<Connection> connection() {
        return parsed(
                "connection",
                3,
                fields -> new Connection(
                        Ipv4.parse(fields[1]),
                        Integer.parseInt(fields[2]),
                        Arrays.stream(fields)
                                .skip(3)
                                .map(SandboxDirectory::publishedPort)
                                .toList()));
    }

    private static PublishedPort publishedPort(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a port is PROTOCOL:PORT:HOSTPORT, was " + text);
        }
        return new PublishedPort(Protocol.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    /** How its own program runs, for one that joins it later; without the command. */
    public void noteProcess(ProcessSpec process) {
        List<String> fields =
                new ArrayList<>(List.of(VERSION, Integer.toString(process.uid()), Integer.toString(process.gid())));
        fields.add(process.groups().stream().map(String::valueOf).collect(Collectors.joining(",")));
        fields.add(process.workdir());
        process.env().forEach((name, value) -> fields.add(name + "=" + value));
        try {
            Files.writeString(path.resolve("process"), String.join("\0", fields) + "\0");
        } catch (IOException e) {
            throw fault("write process of", e);
        }
    }

    /** With {@code /proc/self/exe} for a command. Empty for a sandbox of a version that did not note it. */
    public Optional<ProcessSpec> process() {
        try {
            String text = Files.readString(path.resolve("process"));
            List<String> fields =
                    List.of(text.substring(0, Math.max(0, text.length() - 1)).split("\0", -1));
            return fields.size() >= 5 && fields.getFirst().equals(VERSION)
                    ? Optional.of(processOf(fields))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            LOG.warn("file process of sandbox {} is not of its form and counts as absent", id, e);
            return Optional.empty();
        } catch (IOException e) {
            throw fault("read process of", e);
        }
    }

    private static ProcessSpec processOf(List<String> fields) {
        List<Integer> groups = Arrays.stream(fields.get(3).split(",", -1))
                .filter(group -> !group.isEmpty())
                .map(Integer::valueOf)
                .toList();
        Map<String, String> env = new HashMap<>();
        for (String variable : fields.subList(5, fields.size())) {
            int equals = variable.indexOf('=', 1);
            if (equals < 0) {
                throw new IllegalArgumentException("a variable is NAME=VALUE");
            }
            env.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return new ProcessSpec(
                List.of("/proc/self/exe"),
                env,
                fields.get(4),
                Integer.parseInt(fields.get(1)),
                Integer.parseInt(fields.get(2)),
                groups);
    }

    public void noteConsole(Console console) {
        if (console == Console.NONE) {
            return;
        }
        try {
            Files.writeString(path.resolve("console"), VERSION + " " + console + "\n");
        } catch (IOException e) {
            throw fault("write console of", e);
        }
    }

    public Console console() {
        return parsed("console", 2, fields -> Console.valueOf(fields[1])).orElse(Console.NONE);
    }

    public OutputFiles output(String stream) {
        return new OutputFiles(path, stream);
    }

    /** Idempotent. */
    public void delete() {
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException e) {
            // It is gone, as wanted.
        } catch (IOException e) {
            throw fault("delete files of", e);
        }
    }

    /** All sandboxes that have a directory under this parent; what has no sandbox's name is not ours and stays. */
    public static List<SandboxDirectory> all(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory)
                    .map(child -> idOf(child.getFileName().toString()))
                    .flatMap(Optional::stream)
                    .map(id -> new SandboxDirectory(parent, id))
                    .toList();
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "list", parent.toString(), 0, String.valueOf(e), e);
        }
    }

    private static Optional<SandboxId> idOf(String name) {
        try {
            return Optional.of(new SandboxId(name));
        } catch (IllegalArgumentException ignored) {
            return Optional.empty();
        }
    }

    private SandboxException fault(String operation, IOException cause) {
        String reason = cause instanceof FileSystemException refused && refused.getReason() != null
                ? refused.getReason()
                : String.valueOf(cause);
        int errno = Errno.ofDescription(reason);
        Kind kind = Errno.meansExhausted(errno) ? Kind.EXHAUSTED : Kind.HOST_FAULT;
        return new SandboxException(kind, operation, path.toString(), errno, reason, cause);
    }
}
