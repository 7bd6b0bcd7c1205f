package dev.landlord.agent.image.content;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.landlord.agent.image.tree.NodeType;
import dev.landlord.agent.image.tree.RawName;
import dev.landlord.agent.image.tree.RootedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Who a workload's {@code user} is, by the image's own {@code /etc/passwd} and {@code /etc/group}. */
public sealed interface UserLookup {
    /**
     * @param uid 0 to 65534, like every id here
     * @param groups supplementary; those that list the user, none when the group was given
     * @param home absolute path, {@code /} if unknown
     */
    record Found(int uid, int gid, List<Integer> groups, String home) implements UserLookup {}

    /** @param reason one line that names the user or the group */
    record NotFound(String reason) implements UserLookup {}

    /**
     * @param rootfs of an image
     * @param user {@code uid}, {@code uid:gid}, {@code name} or {@code name:group}; in each place a number or a name. A uid
     *     that the image does not know has group 0, as in other container runtimes
     */
    static UserLookup find(Path rootfs, String user) {
        String[] parts = user.split(":", -1);
        if (user.length() > 64 || parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
            return new NotFound("user \"" + shorten(user) + "\" must have the form uid, uid:gid, name or name:group");
        }
        try {
            List<Accounts.User> users = Accounts.users(text(rootfs, "etc/passwd"));
            OptionalInt number = Accounts.id(parts[0]);
            Optional<Accounts.User> known = users.stream()
                    .filter(entry -> number.isPresent()
                            ? entry.uid() == number.getAsInt()
                            : entry.name().equals(parts[0]))
                    .findFirst();
            if (known.isEmpty() && number.isEmpty()) {
                return new NotFound("user \"" + parts[0] + "\" is neither an id from 0 to " + Accounts.MAX_ID
                        + " nor in the image's /etc/passwd");
            }
            int uid = number.orElseGet(() -> known.orElseThrow().uid());
            String home = known.map(Accounts.User::home).orElse("/");
            List<Accounts.Group> groups = Accounts.groups(text(rootfs, "etc/group"));
            return parts.length == 2
                    ? withGroup(uid, home, parts[1], groups)
                    : new Found(uid, known.map(Accounts.User::gid).orElse(0), memberships(known, groups), home);
        } catch (IOException e) {
            return new NotFound("user \"" + parts[0] + "\": " + e.getMessage());
        }
    }

    private static UserLookup withGroup(int uid, String home, String group, List<Accounts.Group> groups) {
        OptionalInt number = Accounts.id(group);
        if (number.isPresent()) {
            return new Found(uid, number.getAsInt(), List.of(), home);
        }
        return groups.stream()
                .filter(entry -> entry.name().equals(group))
                .findFirst()
                .<UserLookup>map(entry -> new Found(uid, entry.gid(), List.of(), home))
                .orElseGet(() -> new NotFound("group \"" + group + "\" is neither an id from 0 to " + Accounts.MAX_ID
                        + " nor in the image's /etc/group"));
    }

    private static List<Integer> memberships(Optional<Accounts.User> user, List<Accounts.Group> groups) {
        return user.stream()
                .flatMap(known -> groups.stream()
                        .filter(group -> group.members().contains(known.name()) && group.gid() != known.gid()))
                .map(Accounts.Group::gid)
                .distinct()
                .limit(Accounts.MAX_GROUPS)
                .toList();
    }

    /** Empty if the image has no such file. A pipe in its place would block its reader for ever. */
    private static String text(Path rootfs, String name) throws IOException {
        return switch (RootedPath.follow(rootfs, RawName.ofText(name))) {
            case RootedPath.Trail.Broken ignored -> "";
            case RootedPath.Trail.Found found -> {
                if (found.node().type() != NodeType.FILE || found.node().size() > Accounts.MAX_FILE_BYTES) {
                    throw new IOException("/" + name + " of the image is not a file of at most "
                            + Accounts.MAX_FILE_BYTES + " bytes");
                }
                yield new String(Files.readAllBytes(found.node().path()), ISO_8859_1);
            }
        };
    }

    private static String shorten(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "...";
    }
}
