package dev.landlord.cli.exec;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.client.LandlordClient;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.session.Lookup;
import dev.landlord.cli.session.Session;
import dev.landlord.cli.terminal.RawTerminal;
import dev.landlord.cli.terminal.Terminal;
import dev.landlord.cli.terminal.WindowSize;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One more program in an allocation. */
@Command(
        name = "exec",
        description = {
            "Run a program beside that of a workload, and sit in front of it.",
            "It runs as the workload's user, in its directory, with its environment and within its limits. The exit"
                    + " code is",
            "the program's, 128 + N if signal N ended it. Behind exec, -t is for --tty; --tenant has to be written"
                    + " out, or",
            "-t TENANT to stand before exec. Whoever leaves takes the program along."
        })
public final class ExecCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = {"-i", "--stdin"},
            description = "pass stdin on to the program")
    private boolean input;

    @Option(names = "--tty", description = "give the program a terminal: this one. Has -i in it")
    private boolean tty;

    @Parameters(
            index = "0",
            paramLabel = "WORKLOAD|ALLOCATION",
            description = "a workload's name, for one of its replicas, or an allocation's id")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "write -- before it")
    private List<String> command = List.of();

    public ExecCommand(Session session) {
        this.session = session;
    }

    /** Everywhere else -t is for a tenant; here people mean a terminal by it. */
    public static void takeShortOption(CommandSpec spec) {
        OptionSpec tenant = spec.findOption("-t");
        spec.remove(tenant);
        spec.addOption(OptionSpec.builder(tenant).names("--tenant").build());
        OptionSpec terminal = spec.findOption("--tty");
        spec.remove(terminal);
        spec.addOption(OptionSpec.builder(terminal).names("-t", "--tty").build());
    }

    @Override
    public Integer call() {
        Terminal terminal = session.terminal();
        if (tty && !terminal.interactive()) {
            throw CommandFailure.usage("-t: stdin and stdout must be a terminal; leave it out");
        }
        JsonNode allocation = new Lookup(session).running(name);
        TenantName tenant = new TenantName(Fields.text(allocation, "tenant"));
        AllocationId id = new AllocationId(Fields.text(allocation, "id"));
        ApiPath exec = Session.tenantPath(tenant).child("allocations").child(id).action("exec");
        LandlordClient client = session.client();
        JsonNode answer = client.post(exec, request(terminal)).body();
        ApiPath socket = Session.tenantPath(tenant).child("execs").child(Fields.text(answer, "id"));
        try (ExecStream stream = ExecStream.open(client, socket, terminal, false)) {
            return tty ? onTerminal(stream) : stream.run(input);
        }
    }

    private int onTerminal(ExecStream stream) {
        RawTerminal raw;
        try {
            raw = RawTerminal.enter(size -> stream.resize(size.rows(), size.columns()));
        } catch (IOException e) {
            throw noTerminal(e);
        }
        try {
            return stream.run(true);
        } finally {
            raw.close();
        }
    }

    private JsonNode request(Terminal terminal) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        command.forEach(body.putArray("command")::add);
        body.put("input", input || tty);
        if (tty) {
            WindowSize size = size();
            ObjectNode about = body.putObject("terminal");
            about.put("rows", size.rows());
            about.put("columns", size.columns());
            String type = terminal.variable("TERM");
            if (type != null) {
                about.put("type", type);
            }
        }
        return body;
    }

    private static WindowSize size() {
        try {
            return RawTerminal.size();
        } catch (IOException e) {
            throw noTerminal(e);
        }
    }

    private static CommandFailure noTerminal(IOException e) {
        return new CommandFailure(ExitCode.USAGE, "-t: " + e.getMessage(), e);
    }
}
