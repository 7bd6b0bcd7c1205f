package dev.landlord.controlplane;

import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tls.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tokens of the first operator, of scrapers and of joiners, in files that only their owner can read. They are never logged, and not
 * made again when a file was taken away: that is how an operator keeps a token elsewhere.
 */
final class FirstTokens {
    private FirstTokens() {}

    static void issue(Database database, Credentials credentials, StateFolder folder) {
        database.write(writer -> {
            issue(writer, credentials, new Identity.Operator(), folder.path().resolve("operator.token"));
            issue(writer, credentials, new Identity.Scraper(), folder.path().resolve("scrape.token"));
            issue(writer, credentials, new Identity.Joiner(), folder.path().resolve("joiner.token"));
            return true;
        });
    }

    /** The file is on disk before the commit: a token that counts can always be read. */
    private static void issue(JdbcClient writer, Credentials credentials, Identity identity, Path file) {
        if (credentials.digest(writer, identity).isPresent()) {
            return;
        }
        try {
            PrivateFiles.writeSecret(file, credentials.issue(writer, identity) + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException("write " + file, failure);
        }
    }
}
