package dev.landlord.runtime;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One more program for a sandbox that runs: as the user of the sandbox's own program, in its directory, and confined as it is.
 *
 * @param command argv; looked up as that of the sandbox's own program
 * @param env variables that the sandbox's own program does not have; where it has one, that stays
 * @param input false: it reads /dev/null; a terminal always has input
 * @param terminal null: three pipes
 */
public record ExecSpec(
        List<String> command,
        Map<String, String> env,
        boolean input,
        @Nullable TerminalSize terminal) {
    public ExecSpec {
        command = List.copyOf(command);
        env = Map.copyOf(env);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command must not be empty");
        }
    }
}
