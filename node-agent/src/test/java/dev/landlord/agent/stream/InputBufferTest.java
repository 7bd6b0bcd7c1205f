package dev.landlord.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InputBufferTest {
    @Test
    void keepsTheOrderThroughEveryTurnOfTheRing() throws InterruptedException {
        InputBuffer buffer = new InputBuffer(16);
        Random random = new Random(20_261_126);
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(9)];
            random.nextBytes(bytes);
            if (buffer.add(bytes)) {
                in.writeBytes(bytes);
            }
            out.writeBytes(taken(buffer, 1 + random.nextInt(6)));
        }
        buffer.end();
        byte[] rest = buffer.take(3, 0);
        while (rest != null) {
            out.writeBytes(rest);
            rest = buffer.take(3, 0);
        }
        assertThat(out.toByteArray()).isEqualTo(in.toByteArray()).hasSizeGreaterThan(10_000);
    }

    private static byte[] taken(InputBuffer buffer, int max) throws InterruptedException {
        byte[] taken = buffer.take(max, 0);
        assertThat(taken).isNotNull();
        return taken == null ? new byte[0] : taken;
    }

    @Test
    void isBoundedAndEndsOnce() throws InterruptedException {
        InputBuffer buffer = new InputBuffer(4);
        assertThat(buffer.add(new byte[5])).isFalse();
        assertThat(buffer.add(new byte[4])).isTrue();
        assertThat(buffer.add(new byte[1])).isFalse();
        assertThat(buffer.take(4, 0)).hasSize(4);
        assertThat(buffer.take(4, 1)).isEmpty();
        buffer.end();
        buffer.end();
        assertThat(buffer.add(new byte[1])).isFalse();
        assertThat(buffer.take(4, 0)).isNull();
        assertThat(buffer.take(4, 1)).isEmpty();
    }
}
