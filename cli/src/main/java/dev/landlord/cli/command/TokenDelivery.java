package dev.landlord.cli.command;

import dev.landlord.cli.session.SecretOutput;
import dev.landlord.cli.session.Session;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a token goes that the server shows only once. */
final class TokenDelivery {
    @Option(names = "--save-token", paramLabel = "FILE", description = "write the token to a new file (0600)")
    private @Nullable Path file;

    /** To be called before the server is asked for the token. */
    SecretOutput prepare(Session session) {
        return SecretOutput.prepare(session, file);
    }
}
