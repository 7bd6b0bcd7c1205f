package dev.landlord.controlplane.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.workload.Console;
import dev.landlord.api.workload.ProcessSpec;
import org.junit.jupiter.api.Test;

class TemplatesTest {
    /** Or an upgrade would restart every replica there is. */
    @Test
    void aProgramWithoutAConsoleHasTheDigestItHadBeforeThereWereAny() {
        Template template = Template.of(Samples.spec(1, "true"));
        assertThat(ContentJson.write(template)).doesNotContain("console").contains("\"init\":true");
        assertThat(ContentJson.read(ContentJson.write(template), Template.class))
                .isEqualTo(template);
    }

    @Test
    void aProgramWithOneHasAnother() {
        Template plain = Template.of(Samples.spec(1, "true"));
        ProcessSpec old = plain.process();
        ProcessSpec process = new ProcessSpec(
                old.image(), old.command(), old.env(), old.user(), old.workdir(), old.init(), Console.PIPE);
        Template reads = new Template(process, plain.resources(), plain.restart(), plain.routed(), plain.health());
        assertThat(new Templates().digest(reads)).isNotEqualTo(new Templates().digest(plain));
        assertThat(ContentJson.read(ContentJson.write(reads), Template.class)).isEqualTo(reads);
        assertThat(plain.canBecome(reads)).isFalse();
    }
}
