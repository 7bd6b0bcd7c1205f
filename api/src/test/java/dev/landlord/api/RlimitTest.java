package dev.landlord.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.ImageName;
import dev.landlord.api.rlimit.Rlimit;
import dev.landlord.api.rlimit.Rlimit.Resource;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.InvalidField;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import dev.landlord.api.workload.SpecChange;
import dev.landlord.api.workload.WorkloadKind;
import dev.landlord.api.workload.WorkloadSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RlimitTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "NOFILE | 1024 | 65537 | rlimits.nofile.hard: must be at most 65536, was 65537",
                "NOFILE | 1024 | -     | rlimits.nofile.hard: must be at most 65536, was none",
                "NOFILE | 50   | 40    | rlimits.nofile.soft: must be at most 40, was 50",
                "NOFILE | -    | 40    | rlimits.nofile.soft: must be at most 40, was none",
                "NOFILE | 31   | 31    | rlimits.nofile.hard: must be at least 32, was 31",
                "NOFILE | 31   | 40    | rlimits.nofile.soft: must be at least 32, was 31",
                "NPROC  | 3    | 40    | rlimits.nproc.soft: must be at least 4, was 3",
                "CORE   | 0    | 1     | rlimits.core.hard: must be at most 0, was 1",
                "AS     | -5   | -     | rlimits.as.soft: must be at least 0, was -5",
            })
    void whatIsNotToBeHadIsRefusedByItsName(
            Resource resource, @Nullable Long soft, @Nullable Long hard, String message) {
        assertThatThrownBy(() -> limited(Map.of(resource, new Rlimit(soft, hard))))
                .isInstanceOf(InvalidField.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"NOFILE,65536,65536", "NOFILE,32,32", "CORE,0,0", "FSIZE,9223372036854775807,-", "AS,-,-"})
    void whatThereIsToHaveIsTaken(Resource resource, @Nullable Long soft, @Nullable Long hard) {
        Rlimit limit = new Rlimit(soft, hard);
        assertThat(limited(Map.of(resource, limit)).limits()).containsExactly(Map.entry(resource, limit));
    }

    @Test
    void noneAreNotSaidAndNeedNothing() {
        assertThat(limited(Map.of())).isEqualTo(limited(null));
        assertThat(limited(Map.of()).rlimits()).isNull();
        assertThat(limited(null).limits()).isEmpty();
        assertThat(limited(null).needs()).isEmpty();
    }

    @Test
    void someNeedAnAgentThatHeedsThem() {
        assertThat(limited(Map.of(Resource.CORE, new Rlimit(0L, 0L))).needs()).containsExactly("assignment.rlimits");
        assertThat(Assignment.HEEDED).contains("assignment.rlimits");
    }

    @Test
    void aChangeOfThemReplacesReplicasAndSaysSo() {
        WorkloadSpec plain = spec(null);
        WorkloadSpec few = spec(Map.of(Resource.NOFILE, new Rlimit(64L, 64L)));
        WorkloadSpec fewer = spec(Map.of(Resource.NOFILE, new Rlimit(32L, 64L)));
        SpecChange rolling = new SpecChange(SpecChange.Kind.ROLLING, List.of("rlimits"));
        assertThat(List.of(SpecChange.of(plain, few), SpecChange.of(few, fewer), SpecChange.of(few, plain)))
                .containsOnly(rolling);
        assertThat(SpecChange.of(few, few).kind()).isEqualTo(SpecChange.Kind.NONE);
    }

    private static ProcessSpec limited(@Nullable Map<Resource, Rlimit> rlimits) {
        return new ProcessSpec(new ImageName("busybox"), List.of("sh"), Map.of(), "0", "/", true, null, null, rlimits);
    }

    private static WorkloadSpec spec(@Nullable Map<Resource, Rlimit> rlimits) {
        return new WorkloadSpec(
                WorkloadKind.SERVICE,
                limited(rlimits),
                1,
                new Resources(100, 64 * Resources.MIB, 10, Resources.MIB, 100),
                RestartPolicy.DEFAULT,
                NetworkSpec.NONE,
                null);
    }
}
