package dev.landlord.cli.session;

import dev.landlord.cli.config.Flags;
import dev.landlord.cli.render.OutputFormat;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of the command tree and the options that may stand anywhere on the line. */
@Command(
        name = "landlord",
        description = "Sells slices of Linux hosts to tenants who do not trust each other.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  landlord dev                                  a control plane and an agent on this host",
            "  landlord plan put small --cpu 500m --memory 256Mi --pids 128",
            "  landlord tenant create alice --plan small --save-token alice.token",
            "  landlord --tenant alice apply -f shop.yaml --wait",
            "  landlord --tenant alice logs -f shop",
            "",
            "Each option has a variable: LANDLORD_SERVER, LANDLORD_CA_FILE, LANDLORD_TOKEN_FILE (or LANDLORD_TOKEN),",
            "LANDLORD_TENANT, LANDLORD_CONTEXT. Both win over ~/.config/landlord/config.yaml. Exit codes: docs/cli.md."
        })
public final class GlobalOptions {
    @Option(
            names = "--server",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "address of the control plane, https://HOST:PORT")
    private @Nullable String server;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "the only authority to trust, in PEM")
    private @Nullable Path caFile;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "file that holds the token")
    private @Nullable Path tokenFile;

    @Option(
            names = {"-t", "--tenant"},
            paramLabel = "TENANT",
            scope = ScopeType.INHERIT,
            description = "whose things are meant; a tenant's token knows it")
    private @Nullable String tenant;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "context of the configuration file")
    private @Nullable String context;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description = "table (default), json or yaml")
    private String output = "table";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "print the help of a command")
    private boolean help;

    /** What the command line said about server and identity. */
    public Flags flags() {
        return new Flags(server, caFile, tokenFile, tenant, context);
    }

    public OutputFormat output() {
        return OutputFormat.parse(output);
    }

    /** Only picocli reads it; here so that the field is not taken for unused. */
    boolean help() {
        return help;
    }
}
