package dev.landlord.controlplane.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.workload.HealthCheck;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.api.workload.Protocol;
import dev.landlord.api.workload.WorkloadSpec;
import dev.landlord.controlplane.allocation.Samples;
import dev.landlord.controlplane.allocation.Template;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SpecJsonTest {
    @Test
    void readsWhatItWrote() {
        WorkloadSpec plain = Samples.spec(2, "sleep");
        WorkloadSpec spec = new WorkloadSpec(
                plain.kind(),
                plain.process(),
                2,
                plain.resources(),
                plain.restart(),
                new NetworkSpec(NetworkSpec.Mode.ROUTED, List.of(new PortSpec("web", 80, Protocol.TCP, null))),
                new HealthCheck(HealthCheck.Kind.TCP, 80, null, 1000, 1000, 1, 3));
        assertThat(SpecJson.read(SpecJson.write(spec))).isEqualTo(spec);
    }

    /** A workload from before there were networks goes on without one. */
    @Test
    void readsWhatAnEarlierVersionWrote() {
        ObjectNode old = (ObjectNode) JsonMapper.shared().readTree(SpecJson.write(Samples.spec(2, "sleep")));
        old.remove(List.of("network", "health"));
        assertThat(((ObjectNode) old.path("process")).remove("rlimits").isNull())
                .isTrue();
        assertThat(((ObjectNode) old.path("resources")).remove("swapBytes").isNull())
                .isTrue();
        WorkloadSpec spec = SpecJson.read(old.toString());
        assertThat(spec).isEqualTo(Samples.spec(2, "sleep"));
        assertThat(Template.of(spec).network()).isEqualTo(NetworkSpec.NONE);
    }
}
