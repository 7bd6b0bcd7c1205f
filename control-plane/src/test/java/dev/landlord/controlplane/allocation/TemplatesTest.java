package dev.landlord.controlplane.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.rlimit.Rlimit;
import dev.landlord.api.workload.Console;
import dev.landlord.api.workload.ProcessSpec;
import java.util.Map;
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
    void aProgramWithoutRlimitsHasTheDigestItHadBeforeThereWereAny() {
        Template plain = Template.of(Samples.spec(1, "true"));
        assertThat(ContentJson.write(plain)).doesNotContain("rlimits");
        assertThat(new Templates().digest(plain))
                .isEqualTo("d10df8885befccc31f9d0e7157d05a5d79465dd874a75b6cc84834057a0a3656");
    }

    @Test
    void aProgramWithSomeIsAnother() {
        Template plain = Template.of(Samples.spec(1, "true"));
        Template limited = Template.of(
                Samples.limited(Samples.spec(1, "true"), Map.of(Rlimit.Resource.FSIZE, new Rlimit(5L, null))));
        assertThat(new Templates().digest(limited)).isNotEqualTo(new Templates().digest(plain));
        assertThat(ContentJson.read(ContentJson.write(limited), Template.class)).isEqualTo(limited);
        assertThat(plain.canBecome(limited)).isFalse();
        assertThat(limited.canBecome(plain)).isFalse();
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
