package dev.landlord.agent.sandbox;

import dev.landlord.api.id.TenantName;
import dev.landlord.runtime.SandboxStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which id blocks the sandboxes that run were built with, as the kernel knows it. */
public final class IdBlocksInUse {
    private static final Logger LOG = LoggerFactory.getLogger(IdBlocksInUse.class);
    private static final Pattern FROM_ROOT = Pattern.compile("^ *0 +([0-9]+) +[0-9]+$", Pattern.MULTILINE);

    private IdBlocksInUse() {}

    /**
     * First host id of each tenant that has a program running.
     *
     * @param proc where procfs is mounted
     */
    public static Map<TenantName, Long> of(Collection<SandboxStatus> sandboxes, Path proc) {
        Map<TenantName, Long> blocks = new HashMap<>();
        for (SandboxStatus sandbox : sandboxes) {
            if (sandbox.programPid() > 0 && SandboxName.parse(sandbox.id()).isPresent()) {
                base(proc.resolve(sandbox.programPid() + "/uid_map"))
                        .ifPresent(base ->
                                blocks.put(new TenantName(sandbox.owner().value()), base));
            }
        }
        return blocks;
    }

    private static Optional<Long> base(Path uidMap) {
        try {
            Matcher line = FROM_ROOT.matcher(Files.readString(uidMap));
            return line.find() ? Optional.of(Long.valueOf(line.group(1))) : Optional.empty();
        } catch (IOException e) {
            // The program has ended meanwhile, and its ids with it.
            LOG.debug("read {}: {}", uidMap, e.toString());
            return Optional.empty();
        }
    }
}
