package dev.landlord.agent.image.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file name, path or link target as the bytes that the kernel stores. {@link Path} cannot carry these from a string when
 * the JVM runs in the POSIX locale, as under systemd, where any name outside ASCII is an error; its file URI can.
 *
 * @param octets one char, 0 to 255, per byte; sorts by unsigned bytes
 */
public record RawName(String octets) implements Comparable<RawName> {
    /** Asking for the URI of a path does a stat of it; nothing can exist below a device, so that nothing is touched. */
    private static final Path NOWHERE = Path.of("/dev/null");

    private static final String NOWHERE_URI_PATH = "/dev/null/";

    /** Of text, in UTF-8. */
    public static RawName ofText(String text) {
        return new RawName(new String(text.getBytes(UTF_8), ISO_8859_1));
    }

    /** Of a relative path, or of the target of a symlink, which may be absolute. */
    public static RawName of(Path path) {
        if (path.getNameCount() == 0) {
            return new RawName(path.isAbsolute() ? "/" : "");
        }
        Path relative = path.subpath(0, path.getNameCount());
        String encoded = NOWHERE.resolve(relative).toUri().getRawPath().substring(NOWHERE_URI_PATH.length());
        return new RawName((path.isAbsolute() ? "/" : "") + decode(encoded));
    }

    /** The path of this relative name below an absolute directory; nothing is normalised. */
    public Path under(Path directory) {
        if (isAscii()) {
            return octets.isEmpty() ? directory : directory.resolve(octets);
        }
        String base = directory.toUri().getRawPath();
        return Path.of(URI.create("file://" + (base.endsWith("/") ? base : base + "/") + encode()));
    }

    /** As the target of a symlink. */
    public Path asTarget() {
        if (isAscii()) {
            return Path.of(octets);
        }
        if (octets.startsWith("/")) {
            return new RawName(octets.substring(1)).under(Path.of("/"));
        }
        Path anchored = under(NOWHERE);
        return anchored.subpath(NOWHERE.getNameCount(), anchored.getNameCount());
    }

    /** The names between the slashes; empty ones and "." are left out, ".." is not. */
    public List<RawName> components() {
        return Arrays.stream(octets.split("/", -1))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .map(RawName::new)
                .toList();
    }

    public static RawName join(List<RawName> components) {
        return new RawName(components.stream().map(RawName::octets).collect(Collectors.joining("/")));
    }

    public RawName child(RawName name) {
        return octets.isEmpty() ? name : new RawName(octets + "/" + name.octets);
    }

    /** The name without its last component; empty at the root. */
    public RawName parent() {
        return new RawName(octets.substring(0, Math.max(0, octets.lastIndexOf('/'))));
    }

    public boolean isAbsolute() {
        return octets.startsWith("/");
    }

    public boolean isParentStep() {
        return octets.equals("..");
    }

    public int length() {
        return octets.length();
    }

    public byte[] bytes() {
        return octets.getBytes(ISO_8859_1);
    }

    @Override
    public int compareTo(RawName other) {
        return octets.compareTo(other.octets);
    }

    /** For messages: UTF-8, control characters replaced, at most 300 characters. */
    @Override
    public String toString() {
        String text = new String(bytes(), UTF_8).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= 300 ? text : text.substring(0, 300) + "...";
    }

    private boolean isAscii() {
        return octets.chars().allMatch(octet -> octet > 0 && octet < 128);
    }

    private String encode() {
        StringBuilder encoded = new StringBuilder(octets.length() + 16);
        for (int i = 0; i < octets.length(); i++) {
            char octet = octets.charAt(i);
            boolean plain = octet < 128 && (Character.isLetterOrDigit(octet) || "/-._~".indexOf(octet) >= 0);
            encoded.append(plain ? String.valueOf(octet) : "%" + HexFormat.of().toHexDigits((byte) octet));
        }
        return encoded.toString();
    }

    private static String decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toString(ISO_8859_1);
    }
}
