package dev.landlord.cli.session;

import dev.landlord.cli.config.TokenFile;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where a token goes that the server shows only once: alone to stdout, or to a file that was made before we asked. */
public final class SecretOutput {
    private final Session session;
    private final @Nullable Path file;

    private SecretOutput(Session session, @Nullable Path file) {
        this.session = session;
        this.file = file;
    }

    public static SecretOutput prepare(Session session, @Nullable Path file) {
        session.client();
        if (file != null) {
            TokenFile.reserve(file);
        }
        return new SecretOutput(session, file);
    }

    /** Calls the server; if it refuses, the file that was made for the token goes again. */
    public <T> T orDiscard(Supplier<T> call) {
        boolean done = false;
        try {
            T result = call.get();
            done = true;
            return result;
        } finally {
            if (!done && file != null) {
                discard(file);
            }
        }
    }

    private void discard(Path reserved) {
        try {
            Files.deleteIfExists(reserved);
        } catch (IOException e) {
            session.terminal().say("cannot remove " + reserved + ": " + e);
        }
    }

    /** Says the message on stderr, and hands the field {@code token} out. */
    public void deliver(JsonNode body, String message) {
        String token = Fields.text(body, "token");
        if (token.isEmpty()) {
            if (file != null) {
                discard(file);
            }
            throw new CommandFailure(ExitCode.FAILED, message + ", but the server sent no token");
        }
        if (file == null) {
            session.terminal().say(message + "; this token is shown only now:");
            session.printer().print(body, out -> out.println(token));
            return;
        }
        TokenFile.write(file, token);
        session.terminal().say(message + "; token in " + file);
        if (body instanceof ObjectNode object) {
            ObjectNode rest = object.deepCopy();
            rest.remove("token");
            session.printer().print(rest, unused -> {});
        }
    }
}
