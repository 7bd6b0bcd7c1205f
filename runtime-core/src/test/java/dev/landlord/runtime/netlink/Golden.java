package dev.landlord.runtime.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Batches as text: each message begins a line, and each four bytes are a word, so that a review sees what changed. */
final class Golden {
    private Golden() {}

    static String render(byte[] batch) {
        ByteBuffer in = ByteBuffer.wrap(batch).order(ByteOrder.nativeOrder());
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < batch.length; ) {
            int length = in.getInt(at);
            for (int word = at; word < at + length; word += 4) {
                text.append(word == at ? "" : " ")
                        .append(HexFormat.of().formatHex(batch, word, Math.min(word + 4, batch.length)));
            }
            text.append('\n');
            at += length;
        }
        return text.toString();
    }

    static void compare(byte[] batch, String file) throws IOException {
        try (InputStream in = Golden.class.getResourceAsStream("/netlink/" + file)) {
            String golden = in == null ? "no file " + file : new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(render(batch)).isEqualTo(golden);
        }
    }
}
