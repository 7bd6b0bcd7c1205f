package dev.landlord.controlplane.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What never becomes a request is answered in the same words as all else, and not with a page of the server in use. */
@ExtendWith(SharedControlPlane.class)
class NotUnderstoodTest {
    private static final byte[] NOTHING = {};
    private static final long PATIENCE_MILLIS = 60_000;

    private final RunningControlPlane running;

    NotUnderstoodTest(RunningControlPlane running) {
        this.running = running;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /api/v1/version HTTP/1.1      | X-No-Host: 1               | 400 malformed-body
            GE T /api/v1/version HTTP/1.1     | Host: a                    | 400 malformed-body
            GET /api/v1/{x} HTTP/1.1          | Host: a                    | 400 malformed-body
            GET /api/v1/%zz HTTP/1.1          | Host: a                    | 400 malformed-body
            GET /../../x HTTP/1.1             | Host: a                    | 400 malformed-body
            PUT /api/v1/plans/x HTTP/1.1      | Host: a;Content-Length: -3 | 400 malformed-body
            PUT /api/v1/plans/x HTTP/1.1      | Host: a;Transfer-Encoding: x | 400 malformed-body
            GET /api/v1/version HTTP/9.9      | Host: a                    | 400 malformed-body
            TRACE /api/v1/version HTTP/1.1    | Host: a                    | 405 method-not-allowed
            """)
    void isAnsweredByAProblemDocument(String line, String headers, String expected) throws IOException {
        try (SlowClient client = SlowClient.tls(running, "public")) {
            client.send(line + "\r\n" + headers.replace(";", "\r\n") + "\r\nConnection: close\r\n\r\n");
            String answer = client.untilTheEnd(NOTHING, PATIENCE_MILLIS);
            String[] words = expected.split(" ", -1);
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + words[0] + " ")
                    .contains("Content-Type: application/problem+json\r\n", "\"code\":\"" + words[1] + "\"");
            assertThat(answer).doesNotContainIgnoringCase("tomcat").doesNotContain("<html");
        }
    }
}
