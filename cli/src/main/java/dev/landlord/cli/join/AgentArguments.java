package dev.landlord.cli.join;

import dev.landlord.cli.failure.CommandFailure;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the agent is told. Pure.
 *
 * @param urls of the control plane's node API, one of each replica
 * @param stateDir null: the agent's own default
 * @param cgroupRoot likewise
 * @param more further settings, {@code NAME=VALUE} with the names below {@code landlord.agent}
 */
record AgentArguments(
        List<URI> urls,
        String node,
        @Nullable Path stateDir,
        @Nullable String cgroupRoot,
        List<String> more) {
    private static final String PREFIX = "--landlord.agent.";
    private static final Pattern SETTING = Pattern.compile("[a-z][a-z0-9.\\[\\]-]*=.*");
    /** Said by the command itself. */
    private static final List<String> OWN =
            List.of("node=", "control-plane-url=", "join-token=", "join-token-file=", "state-dir=", "cgroup-root=");

    AgentArguments {
        more = List.copyOf(more);
        urls = List.copyOf(urls);
        for (URI url : urls) {
            if (!"https".equals(url.getScheme()) || url.getHost() == null) {
                throw CommandFailure.usage("URL must have the form https://HOST:7701, was " + url);
            }
        }
        for (String setting : more) {
            if (!SETTING.matcher(setting).matches()) {
                throw CommandFailure.usage("--set must have the form NAME=VALUE, was " + setting);
            }
            if (OWN.stream().anyMatch(setting::startsWith)) {
                throw CommandFailure.usage("--set " + setting.substring(0, setting.indexOf('='))
                        + " is what an argument or option of this command says");
            }
        }
    }

    /** @param tokenFile the token goes by file: command lines can be read by everybody on a host */
    List<String> all(String tokenFile) {
        List<String> all = new ArrayList<>();
        all.add(PREFIX + "node=" + node);
        all.add(PREFIX + "control-plane-url=" + urls.stream().map(URI::toString).collect(Collectors.joining(",")));
        all.add(PREFIX + "join-token-file=" + tokenFile);
        if (stateDir != null) {
            all.add(PREFIX + "state-dir=" + stateDir.toAbsolutePath());
        }
        if (cgroupRoot != null) {
            all.add(PREFIX + "cgroup-root=" + cgroupRoot);
        }
        more.forEach(setting -> all.add(PREFIX + setting));
        return all;
    }

    /** As one line that a POSIX shell takes apart into the same words again. */
    static String shellWords(List<String> words) {
        return words.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
