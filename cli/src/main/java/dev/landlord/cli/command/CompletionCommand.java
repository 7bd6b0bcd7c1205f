package dev.landlord.cli.command;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.session.Session;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script for the shell. */
@Command(
        name = "completion",
        description = {
            "Print the completion script of a shell.",
            "bash: source <(landlord completion bash)",
            "zsh:  source <(landlord completion zsh)"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private String shell = "";

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw CommandFailure.usage("shell " + shell + ": must be bash or zsh");
        }
        // One script for both: in zsh it loads bashcompinit first.
        String script = AutoComplete.bash(
                "landlord", Objects.requireNonNull(spec).root().commandLine());
        session.terminal().out().print(script);
        return 0;
    }
}
