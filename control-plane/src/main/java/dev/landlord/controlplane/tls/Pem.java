package dev.landlord.controlplane.tls;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The text form of certificates and keys. */
final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final int LINE = 64;

    private Pem() {}

    static String certificate(byte[] der) {
        return encode(CERTIFICATE, der);
    }

    static String key(byte[] pkcs8) {
        return encode(KEY, pkcs8);
    }

    static byte[] certificateBytes(String pem) {
        return decode(CERTIFICATE, pem);
    }

    static byte[] keyBytes(String pem) {
        return decode(KEY, pem);
    }

    /** The bytes of the first block of the type; throws {@link IllegalArgumentException} if there is none. */
    static byte[] decode(String type, String pem) {
        String begin = "-----BEGIN " + type + "-----";
        String end = "-----END " + type + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf(end, Math.max(0, from));
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException("must hold a PEM block of type " + type);
        }
        try {
            return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("must hold base64 in its PEM block", notBase64);
        }
    }

    private static String encode(String type, byte[] bytes) {
        byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
        String body = Base64.getMimeEncoder(LINE, newline).encodeToString(bytes);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }
}
