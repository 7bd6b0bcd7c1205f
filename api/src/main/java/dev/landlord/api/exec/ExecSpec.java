package dev.landlord.api.exec;

import dev.landlord.api.workload.InvalidField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be run beside an allocation's own program: as its user, in its directory, with its environment, and confined as
 * it is.
 *
 * @param command argv, 1 to 256 entries of at most 32 Ki characters each; the first is looked up in the image
 * @param input false: the program reads /dev/null; a terminal always has input
 * @param terminal null: three separate streams
 */
public record ExecSpec(
        List<String> command, boolean input, @Nullable ExecTerminal terminal) {
    private static final int MAX_ARGUMENTS = 256;
    private static final int MAX_LENGTH = 32 * 1024;

    public ExecSpec {
        command = List.copyOf(command);
        if (command.isEmpty() || command.size() > MAX_ARGUMENTS) {
            throw new InvalidField("command", "must have 1 to " + MAX_ARGUMENTS + " entries");
        }
        if (command.getFirst().isEmpty()) {
            throw new InvalidField("command", "its first entry must not be empty");
        }
        for (String argument : command) {
            if (argument.length() > MAX_LENGTH || argument.indexOf('\0') >= 0) {
                throw new InvalidField(
                        "command", "each entry may have at most " + MAX_LENGTH + " characters, none of them a NUL");
            }
        }
    }
}
