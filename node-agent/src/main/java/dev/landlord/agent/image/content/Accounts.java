package dev.landlord.agent.image.content;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Reads passwd(5) and group(5). Pure. A line that is not well formed names nobody. */
final class Accounts {
    static final int MAX_ID = 65_534;
    static final int MAX_FILE_BYTES = 1 << 20;
    /** Supplementary groups of one process; more would not fit into a launch plan. */
    static final int MAX_GROUPS = 64;

    private static final int MAX_LINES = 20_000;

    record User(String name, int uid, int gid, String home) {}

    record Group(String name, int gid, List<String> members) {
        Group {
            members = List.copyOf(members);
        }
    }

    private Accounts() {}

    static List<User> users(String text) {
        return lines(text).flatMap(line -> user(line.split(":", -1)).stream()).toList();
    }

    static List<Group> groups(String text) {
        return lines(text).flatMap(line -> group(line.split(":", -1)).stream()).toList();
    }

    /** Decimal, 0 to 65534; 65535 is the "no change" of the system calls. */
    static OptionalInt id(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            return OptionalInt.empty();
        }
        int id = Integer.parseInt(text);
        return id <= MAX_ID ? OptionalInt.of(id) : OptionalInt.empty();
    }

    private static Stream<String> lines(String text) {
        return text.lines().limit(MAX_LINES).filter(line -> !line.startsWith("#"));
    }

    private static Optional<User> user(String[] fields) {
        if (fields.length < 6 || fields[0].isEmpty()) {
            return Optional.empty();
        }
        OptionalInt uid = id(fields[2]);
        OptionalInt gid = id(fields[3]);
        String home = fields[5].startsWith("/") ? fields[5] : "/";
        return uid.isPresent() && gid.isPresent()
                ? Optional.of(new User(fields[0], uid.getAsInt(), gid.getAsInt(), home))
                : Optional.empty();
    }

    private static Optional<Group> group(String[] fields) {
        if (fields.length < 4 || fields[0].isEmpty()) {
            return Optional.empty();
        }
        OptionalInt gid = id(fields[2]);
        List<String> members = Stream.of(fields[3].split(",", -1))
                .filter(name -> !name.isEmpty())
                .toList();
        return gid.isPresent() ? Optional.of(new Group(fields[0], gid.getAsInt(), members)) : Optional.empty();
    }
}
