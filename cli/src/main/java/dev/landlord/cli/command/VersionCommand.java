package dev.landlord.cli.command;

import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Which version this is, and which the server is. */
@Command(name = "version", description = "Print the version of this command.")
final class VersionCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--remote", description = "and the server's")
    private boolean remote;

    VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        String packaged = VersionCommand.class.getPackage().getImplementationVersion();
        ObjectNode versions = JsonMapper.shared().createObjectNode();
        versions.put("client", packaged == null ? "development" : packaged);
        if (remote) {
            versions.put("server", Fields.text(session.client().get(ApiPath.of("version")), "version"));
        }
        session.printer().print(versions, out -> {
            out.println("landlord " + Fields.text(versions, "client"));
            if (remote) {
                out.println("server " + Fields.text(versions, "server"));
            }
        });
        return 0;
    }
}
