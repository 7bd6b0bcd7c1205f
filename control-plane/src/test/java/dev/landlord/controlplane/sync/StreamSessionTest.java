package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StreamSessionTest {
    private final StreamSession session = new StreamSession("s1", new NodeName("n1"), new TenantName("alice"));

    @Test
    void bytesComeInOrderAndThenTheEnd() throws Exception {
        assertThat(session.write(bytes("one"))).isTrue();
        assertThat(session.write(bytes("two"))).isTrue();
        session.end(null);
        assertThat(session.read()).isEqualTo(bytes("one"));
        assertThat(session.read()).isEqualTo(bytes("two"));
        assertThat(session.read()).isNull();
    }

    @Test
    void brokenStreamIsToldAfterItsBytes() throws Exception {
        assertThat(session.write(bytes("one"))).isTrue();
        session.end("closed with 1006");
        assertThat(session.read()).isEqualTo(bytes("one"));
        assertThatThrownBy(session::read).isInstanceOf(IOException.class).hasMessageContaining("n1: closed with 1006");
    }

    @Test
    void endWakesAReaderThatWaits() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                ended.complete(session.read() == null);
            } catch (IOException | InterruptedException failure) {
                ended.completeExceptionally(failure);
            }
        });
        session.end(null);
        assertThat(ended.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void writerIsHeldBackUntilTheReaderReads() throws Exception {
        AtomicInteger written = new AtomicInteger();
        Thread writer = write(written, 100);
        while (written.get() < 16 || writer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertThat(written.get()).isEqualTo(16);
        int read = 0;
        while (read < 100) {
            byte[] chunk = session.read();
            assertThat(chunk).isNotNull();
            read++;
        }
        writer.join();
        assertThat(written.get()).isEqualTo(100);
    }

    @Test
    void cancelFreesAWriter() throws Exception {
        AtomicInteger written = new AtomicInteger();
        Thread writer = write(written, 100);
        while (written.get() < 16) {
            Thread.onSpinWait();
        }
        session.cancel();
        writer.join();
        assertThat(written.get()).isLessThan(100);
    }

    private Thread write(AtomicInteger written, int chunks) {
        return Thread.ofVirtual().start(() -> {
            try {
                while (written.get() < chunks && session.write(bytes("x"))) {
                    written.incrementAndGet();
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
