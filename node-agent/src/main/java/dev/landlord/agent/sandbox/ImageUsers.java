package dev.landlord.agent.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who a program runs as, by the image's own list of users. */
final class ImageUsers {
    private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,5})(?::([0-9]{1,5}))?");

    private ImageUsers() {}

    /** @throws IllegalArgumentException naming the user, if the image does not know it */
    static SpecMapper.User resolve(Path rootfs, String user) {
        Matcher numbers = NUMBERS.matcher(user);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("user " + user + " is not in the image's /etc/passwd");
        }
        int uid = Integer.parseInt(numbers.group(1));
        int gid = numbers.group(2) == null ? uid : Integer.parseInt(numbers.group(2));
        return new SpecMapper.User(uid, gid, List.of(), uid == 0 ? "/root" : "/");
    }
}
