package dev.landlord.agent.sync;

import static dev.landlord.agent.sync.SyncFixtures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.address.ControlPlanes;
import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.api.id.NodeName;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WebSocketSinkTest {
    private static final int FRAME = 64 << 10;

    private final TestAuthority authority = new TestAuthority();
    private final NodeIdentity identity = authority.identity();

    private ControlPlaneClient client(WebSocketPeer peer) {
        return new HttpControlPlaneClient(
                ControlPlanes.only(peer.uri()), new NodeName("n1"), authority.certificate(), identity);
    }

    @Test
    void dialsTheStreamWithTheNodesCertificateAndSendsWhatItIsGiven() throws Exception {
        try (WebSocketPeer peer = new WebSocketPeer(authority, 1_000);
                ControlPlaneClient client = client(peer)) {
            try (StreamSink sink = client.openStream("id-1", null)) {
                sink.send(new byte[] {1, 2, 3});
                sink.send(new byte[FRAME]);
                await(() -> peer.messages.size() == 2);
                assertThat(sink.isOpen()).isTrue();
            }
            await(() -> !peer.closeSeen().isEmpty());
            assertThat(peer.requests.getFirst()).startsWith("GET /node/v1/streams/id-1 HTTP/1.1");
            assertThat(peer.shown).containsExactly(identity.certificate());
            assertThat(peer.messages.get(0)).containsExactly(1, 2, 3);
            assertThat(peer.messages.get(1)).hasSize(FRAME);
            assertThat(peer.closeSeen()).isEqualTo("1000 ");
        }
    }

    @Test
    void dialsTheReplicaThatAskedIfItIsAnother() throws Exception {
        try (WebSocketPeer usual = new WebSocketPeer(authority, 1_000);
                WebSocketPeer asking = new WebSocketPeer(authority, 1_000);
                ControlPlaneClient client = client(usual)) {
            try (StreamSink sink = client.openStream("id-1", asking.uri().getAuthority())) {
                assertThat(sink.isOpen()).isTrue();
            }
            assertThat(asking.requests.getFirst()).startsWith("GET /node/v1/streams/id-1 HTTP/1.1");
            assertThat(usual.requests).isEmpty();
            for (String bad : List.of("host", "host:1/x", "user@host:1", "host:1?a", "h st:1", ":1")) {
                assertThatThrownBy(() -> client.openStream("id-1", bad))
                        .as(bad)
                        .isInstanceOf(ControlPlaneException.class)
                        .hasMessageContaining("must be HOST:PORT");
            }
        }
    }

    @Test
    void anEarlyEndSaysWhyInWhatTheProtocolAllows() throws Exception {
        try (WebSocketPeer peer = new WebSocketPeer(authority, 1_000);
                ControlPlaneClient client = client(peer)) {
            StreamSink sink = client.openStream("id-1", null);
            sink.finish("allocation \u00e4 is not on this node " + "x".repeat(500));
            await(() -> !peer.closeSeen().isEmpty());
            assertThat(peer.closeSeen()).startsWith("1011 allocation ? is not on this node xxx");
        }
    }

    @Test
    void aSlowReaderSlowsTheSenderDown() throws Exception {
        int frames = 2_000;
        AtomicInteger sent = new AtomicInteger();
        try (WebSocketPeer peer = new WebSocketPeer(authority, 1);
                ControlPlaneClient client = client(peer)) {
            StreamSink sink = client.openStream("id-1", null);
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    while (sent.get() < frames) {
                        sink.send(new byte[FRAME]);
                        sent.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            // What fits into buffers on the way goes; far less than the 125 MiB there are to send.
            await(() -> sender.getState() == Thread.State.TIMED_WAITING);
            assertThat(sent.get()).isLessThan(frames / 4);
            peer.readMore(100_000);
            await(() -> peer.messages.size() == frames);
            sender.join();
        }
    }

    @Test
    void aPeerThatGoesEndsTheStream() throws Exception {
        try (WebSocketPeer peer = new WebSocketPeer(authority, 1);
                ControlPlaneClient client = client(peer)) {
            StreamSink sink = client.openStream("id-1", null);
            sink.send(new byte[10]);
            await(() -> peer.messages.size() == 1);
            peer.goAway();
            await(() -> !sink.isOpen());
            assertThatThrownBy(() -> sink.send(new byte[10]))
                    .isInstanceOf(ControlPlaneException.class)
                    .hasMessageContaining("open stream wss://127.0.0.1");
        }
    }
}
