package dev.landlord.cli.command;

import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.client.LandlordClient;
import dev.landlord.cli.config.ConfigStore;
import dev.landlord.cli.config.Context;
import dev.landlord.cli.config.Settings;
import dev.landlord.cli.config.TokenFile;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.session.Session;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Remembers a server and a token. */
@Command(
        name = "login",
        description = {
            "Try a server and a token, and remember both.",
            "The token is read from --token-file, which is remembered by its name, or else from stdin. Both go to the",
            "configuration file (0600) as a context, which becomes the current one."
        })
final class LoginCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--name", paramLabel = "NAME", description = "name of the context; default if not given")
    private String name = "default";

    LoginCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw CommandFailure.usage("--name " + name + ": must be a word of letters, digits, dots and dashes");
        }
        Path tokenFile = session.options().flags().tokenFile();
        Settings known = session.settings();
        String token = tokenFile == null ? readToken() : TokenFile.read(tokenFile);
        Settings settings = new Settings(known.server(), known.caFile(), token, known.tenant(), null);
        JsonNode whoami;
        try (LandlordClient client = new LandlordClient(settings)) {
            whoami = client.get(ApiPath.of("whoami"));
        }
        Context context = new Context(
                settings.server().toString(),
                absolute(settings.caFile()),
                absolute(tokenFile),
                tokenFile == null ? token : null,
                session.options().flags().tenant(),
                null);
        ConfigStore store = ConfigStore.of(session.terminal());
        store.update(file -> file.withCurrent(name, context));
        String who = (Fields.text(whoami, "kind") + " " + Fields.text(whoami, "name")).strip();
        session.terminal().say("context " + name + " in " + store.file() + ": " + who + " at " + settings.server());
        return 0;
    }

    private static @Nullable String absolute(@Nullable Path path) {
        return path == null ? null : path.toAbsolutePath().toString();
    }

    private String readToken() {
        Console console = session.terminal().interactive() ? System.console() : null;
        if (console != null) {
            char[] typed = console.readPassword("Token: ");
            return TokenFile.check("the answer", typed == null ? "" : new String(typed));
        }
        try {
            byte[] bytes = session.terminal().in().readNBytes(2048);
            return TokenFile.check("stdin", new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot read stdin: " + e, e);
        }
    }
}
