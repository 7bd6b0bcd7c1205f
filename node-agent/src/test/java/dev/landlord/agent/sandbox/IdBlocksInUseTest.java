package dev.landlord.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.TenantName;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxStatus;
import dev.landlord.runtime.SandboxStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdBlocksInUseTest {
    private static SandboxStatus status(String id, String owner, int pid) {
        return new SandboxStatus(new SandboxId(id), new OwnerId(owner), Phase.RUNNING, 1, pid, 1, null);
    }

    @Test
    void theKernelSaysWhichIdsAProgramHas(@TempDir Path proc) throws IOException {
        Files.createDirectories(proc.resolve("7"));
        Files.writeString(proc.resolve("7/uid_map"), "         0 1879113728      65536\n");
        Files.createDirectories(proc.resolve("8"));
        Files.writeString(proc.resolve("8/uid_map"), "garbage\n");
        assertThat(IdBlocksInUse.of(
                        List.of(
                                status("aaaaaaaa1-r1", "alice", 7),
                                status("bbbbbbbb1-r1", "bob", 8),
                                status("cccccccc1-r1", "carol", 9),
                                status("dddddddd1-r1", "dave", 0),
                                status("host-trial-1", "host-trial", 7)),
                        proc))
                .isEqualTo(Map.of(new TenantName("alice"), 1_879_113_728L));
    }
}
