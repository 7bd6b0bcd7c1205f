package dev.landlord.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SandboxTeardownTest {
    private final SimulatedRuntime runtime = new SimulatedRuntime(new ManualClock());

    private void run(String owner, String id) {
        runtime.limitOwner(new OwnerId(owner), Limits.NONE);
        runtime.create(new SandboxSpec(
                new SandboxId(id),
                new OwnerId(owner),
                new IdBlock(655_360, IdBlock.DEFAULT_SIZE),
                Path.of("/image"),
                new ProcessSpec(List.of("sleep"), Map.of(), "/", 0, 0, List.of()),
                id,
                Limits.NONE,
                1 << 20,
                100,
                1 << 20,
                true,
                LogPolicy.DEFAULT,
                Isolation.FULL,
                null,
                null));
        runtime.start(new SandboxId(id));
    }

    @Test
    void everySandboxAndEveryOwnerGoes() {
        run("alice", "a1");
        run("alice", "a2");
        run("eve", "e1");
        runtime.freezeOwner(new OwnerId("eve"));
        new SandboxTeardown(runtime).deleteAll();
        assertThat(runtime.list()).isEmpty();
        assertThat(runtime.owners()).isEmpty();
    }

    @Test
    void oneThatCannotBeDeletedIsLeftAndCostsNothingElse() {
        run("alice", "a1");
        runtime.breakOperation("delete");
        new SandboxTeardown(runtime).deleteAll();
        assertThat(runtime.list()).hasSize(1);
        assertThat(runtime.owners()).isEmpty();
    }
}
