package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.ExecEvent;
import dev.landlord.runtime.ExecSession;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The two ends of a session, for a test. */
record Visitor(ExecSession session, StringBuilder outputs, StringBuilder errors) implements AutoCloseable {
    Visitor(ExecSession session) {
        this(session, new StringBuilder(), new StringBuilder());
    }

    String out() {
        return outputs.toString();
    }

    String err() {
        return errors.toString();
    }

    void type(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(session.write(bytes, 0, bytes.length, Host.PATIENCE)).isEqualTo(bytes.length);
    }

    void awaitOutput(String expected) {
        while (outputs.indexOf(expected) < 0) {
            assertThat(listen())
                    .as("the end before %s, after %s", expected, this)
                    .isNull();
        }
    }

    void awaitError(String expected) {
        while (errors.indexOf(expected) < 0) {
            assertThat(listen())
                    .as("the end before %s, after %s", expected, this)
                    .isNull();
        }
    }

    ExecEvent.Exited awaitEnd() {
        while (true) {
            var exited = listen();
            if (exited != null) {
                return exited;
            }
        }
    }

    private ExecEvent.@Nullable Exited listen() {
        return switch (session.next(65_536, Host.PATIENCE).orElseThrow()) {
            case ExecEvent.Output output -> {
                (output.errors() ? errors : outputs).append(new String(output.bytes(), StandardCharsets.ISO_8859_1));
                yield null;
            }
            case ExecEvent.Exited exited -> exited;
        };
    }

    @Override
    public void close() {
        session.close();
    }
}
