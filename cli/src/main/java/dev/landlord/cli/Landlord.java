package dev.landlord.cli;

import dev.landlord.cli.command.CommandTree;
import dev.landlord.cli.terminal.Terminal;

/** The entry point of the {@code landlord} command. */
public final class Landlord {
    private Landlord() {}

    public static void main(String[] arguments) {
        System.exit(CommandTree.run(Terminal.ofProcess(), arguments));
    }
}
