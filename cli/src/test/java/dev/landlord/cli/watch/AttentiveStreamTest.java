package dev.landlord.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over connections of the client that the command line has: a read of one that is silent never ends by itself. */
@Timeout(30)
class AttentiveStreamTest {
    private static final Duration SILENCE_MAX = Duration.ofMillis(800);

    /** Both ends of an answer that has begun. */
    private record Answer(HttpClient client, Socket server, InputStream body) implements AutoCloseable {
        static Answer begin() throws Exception {
            HttpClient client = HttpClient.newHttpClient();
            try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                URI uri = URI.create("http://127.0.0.1:" + door.getLocalPort() + "/");
                CompletableFuture<HttpResponse<InputStream>> answer =
                        client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
                Socket server = door.accept();
                send(server, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                return new Answer(client, server, answer.get().body());
            }
        }

        void chunk(String text) throws IOException {
            send(server, Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
        }

        void end() throws IOException {
            send(server, "0\r\n\r\n");
        }

        private static void send(Socket socket, String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            server.close();
            client.shutdownNow();
        }
    }

    @Test
    void silenceIsAFailure() throws Exception {
        try (Answer answer = Answer.begin();
                InputStream in = new AttentiveStream(answer.body(), SILENCE_MAX)) {
            answer.chunk("a");
            assertThat(in.read()).isEqualTo('a');
            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessage("nothing came for 800 ms");
        }
    }

    @Test
    void whoTakesHisTimeIsNotTheOtherEndThatIsSilent() throws Exception {
        try (Answer answer = Answer.begin();
                InputStream in = new AttentiveStream(answer.body(), SILENCE_MAX)) {
            answer.chunk("a");
            assertThat(in.read()).isEqualTo('a');
            answer.chunk("b");
            Thread.sleep(SILENCE_MAX.multipliedBy(2));
            assertThat(in.read()).isEqualTo('b');
        }
    }

    @Test
    void signsOfLifeKeepItAndItsEndIsItsEnd() throws Exception {
        try (Answer answer = Answer.begin();
                InputStream in = new AttentiveStream(answer.body(), SILENCE_MAX)) {
            for (int i = 0; i < 5; i++) {
                Thread.sleep(SILENCE_MAX.dividedBy(3));
                answer.chunk("b");
                assertThat(in.read(new byte[8], 0, 8)).isEqualTo(1);
            }
            answer.end();
            assertThat(in.read()).isEqualTo(-1);
        }
    }
}
