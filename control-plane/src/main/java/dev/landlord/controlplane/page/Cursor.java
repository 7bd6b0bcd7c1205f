package dev.landlord.controlplane.page;

import dev.landlord.controlplane.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Where a part of a list ended: the key of its last item, with a digest over the key and the list. Not a secret, only
 * opaque: a cursor of another list, or one that was changed, is refused and not taken for a place in this one.
 */
final class Cursor {
    private static final int DIGEST_BYTES = 8;
    private static final int LENGTH_MAX = 512;

    private Cursor() {}

    /** @param list the path of the list */
    static String of(String list, String key) {
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        byte[] whole = Arrays.copyOf(digest(list, key), DIGEST_BYTES + text.length);
        System.arraycopy(text, 0, whole, DIGEST_BYTES, text.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /** The key; throws invalid-field for what is no cursor of this list. */
    static String key(String list, String cursor) {
        byte[] whole = decode(cursor);
        String key = whole.length <= DIGEST_BYTES
                ? ""
                : new String(whole, DIGEST_BYTES, whole.length - DIGEST_BYTES, StandardCharsets.UTF_8);
        if (key.isEmpty() || !cursor.equals(of(list, key))) {
            throw refused();
        }
        return key;
    }

    private static byte[] decode(String cursor) {
        if (cursor.length() > LENGTH_MAX) {
            throw refused();
        }
        try {
            return Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException noBase64) {
            throw refused();
        }
    }

    private static ProblemException refused() {
        return ProblemException.invalidField("?cursor", "is not one that this list has given");
    }

    private static byte[] digest(String list, String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((list + "\n" + key).getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
