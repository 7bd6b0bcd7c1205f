package dev.landlord.cli.command;

import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Copies the store. */
@Command(
        name = "backup",
        description = {
            "Copy the store while it is in use, into a file on the control plane's host, and print its path.",
            "For a store of SQLite; PostgreSQL has its own tools."
        })
final class BackupCommand implements Callable<Integer> {
    private final Session session;

    BackupCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        JsonNode backup =
                session.client().post(ApiPath.of("cluster").action("backup")).body();
        session.printer().print(backup, out -> out.println(Fields.text(backup, "file")));
        return 0;
    }
}
