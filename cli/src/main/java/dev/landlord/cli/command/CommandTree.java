package dev.landlord.cli.command;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.access.AuditCommand;
import dev.landlord.cli.access.TokenCommands;
import dev.landlord.cli.dev.DevCommand;
import dev.landlord.cli.exec.AttachCommand;
import dev.landlord.cli.exec.ExecCommand;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.join.JoinCommand;
import dev.landlord.cli.logs.LogsCommand;
import dev.landlord.cli.session.GlobalOptions;
import dev.landlord.cli.session.Session;
import dev.landlord.cli.terminal.Terminal;
import dev.landlord.cli.usage.TopCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands, and how each way of ending becomes an exit code. */
public final class CommandTree {
    private CommandTree() {}

    /** Runs one command; returns its exit code. */
    public static int run(Terminal terminal, String... arguments) {
        GlobalOptions options = new GlobalOptions();
        try (Session session = new Session(terminal, options)) {
            CommandLine root = build(terminal, options, session);
            if (arguments.length == 0) {
                root.usage(root.getErr());
                return ExitCode.USAGE.number();
            }
            return root.execute(arguments);
        }
    }

    private static CommandLine build(Terminal terminal, GlobalOptions options, Session session) {
        CommandLine root = new CommandLine(options);
        CommandLine exec = new CommandLine(new ExecCommand(session));
        List<Object> commands = List.of(
                new DevCommand(session),
                new LoginCommand(session),
                new PlanCommands(session),
                new TenantCommands(session),
                new CommandLine(new NodeCommands(session)).addSubcommand(new JoinCommand(session)),
                new ApplyCommand(session),
                new GetCommands(session),
                new DescribeCommands(session),
                new LogsCommand(session),
                new AttachCommand(session),
                exec,
                new TopCommand(session),
                new AuditCommand(session),
                new TokenCommands(session),
                new RestartCommand(session),
                new BackupCommand(session),
                new Deletion(session),
                new CompletionCommand(session),
                new VersionCommand(session));
        commands.forEach(root::addSubcommand);
        ExecCommand.takeShortOption(exec.getCommandSpec());
        register(root, TenantName.class, TenantName::new);
        register(root, WorkloadName.class, WorkloadName::new);
        register(root, AllocationId.class, AllocationId::new);
        register(root, NodeName.class, NodeName::new);
        register(root, PlanName.class, PlanName::new);
        root.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        root.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
        root.setUsageHelpWidth(120);
        // A tenant may be called "plan", and the usual context is called "dev".
        root.setAllowSubcommandsAsOptionParameters(true);
        root.setParameterExceptionHandler((failure, unused) -> refuse(terminal, failure));
        root.setExecutionExceptionHandler((failure, command, parsed) -> report(terminal, failure));
        return root;
    }

    private static <T> void register(CommandLine root, Class<T> type, Function<String, T> parse) {
        ITypeConverter<T> converter = text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
        root.registerConverter(type, converter);
    }

    private static int refuse(Terminal terminal, ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        terminal.say("landlord: "
                + String.valueOf(failure.getMessage()).lines().findFirst().orElse("wrong usage"));
        UnmatchedArgumentException.printSuggestions(failure, command.getErr());
        terminal.say("try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE.number();
    }

    private static int report(Terminal terminal, Exception failure) {
        if (terminal.variable("LANDLORD_DEBUG") != null) {
            trace(terminal, failure);
        }
        if (failure instanceof CommandFailure known) {
            known.lines().forEach(line -> terminal.say("landlord: " + line));
            return known.code().number();
        }
        terminal.say("landlord: fault of this command: " + failure + "; LANDLORD_DEBUG=1 shows where");
        return ExitCode.INTERNAL.number();
    }

    private static void trace(Terminal terminal, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            terminal.say(cause.toString());
            for (StackTraceElement frame : cause.getStackTrace()) {
                terminal.say("    at " + frame);
            }
        }
    }
}
