package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pods may do to their hosts, and what has to hold for sandboxes to outlive an agent's pod. */
class PostureTest {
    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void onlyTheAgentIsPrivileged(String set) {
        assertThat(Manifests.parse(Chart.render(set)).containers())
                .filteredOn(container -> !container.getName().equals("agent"))
                .isNotEmpty()
                .allSatisfy(container -> {
                    assertThat(container.getSecurityContext().getPrivileged()).isNull();
                    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                            .isFalse();
                    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                            .isTrue();
                    assertThat(container.getSecurityContext().getCapabilities().getDrop())
                            .containsExactly("ALL");
                    assertThat(container.getSecurityContext().getCapabilities().getAdd())
                            .isEmpty();
                });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void theControlPlaneHasNothingOfItsHost(String set) {
        PodSpec pod = Manifests.parse(Chart.render(set))
                .find(Deployment.class, "landlord")
                .orElseThrow()
                .getSpec()
                .getTemplate()
                .getSpec();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getHostNetwork()).isNull();
        assertThat(pod.getHostPID()).isNull();
        assertThat(pod.getVolumes()).extracting(Volume::getHostPath).containsOnlyNulls();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    }

    /** Two processes on one store: the second is refused, so the first has to go before. */
    @ParameterizedTest
    @MethodSource("valueSets")
    void thereIsNeverASecondControlPlane(String set) {
        Deployment deployment = Manifests.parse(Chart.render(set))
                .find(Deployment.class, "landlord")
                .orElseThrow();
        assertThat(deployment.getSpec().getReplicas()).isLessThanOrEqualTo(1);
        assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("Recreate");
    }

    @Test
    void theControlPlaneKeepsOffTheHostsOfTenants() {
        assertThat(Manifests.parse(Chart.render("minimal"))
                        .find(Deployment.class, "landlord")
                        .orElseThrow()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getAffinity()
                        .getNodeAffinity()
                        .getRequiredDuringSchedulingIgnoredDuringExecution()
                        .getNodeSelectorTerms())
                .singleElement()
                .extracting(term -> term.getMatchExpressions().getFirst())
                .satisfies(expression -> {
                    assertThat(expression.getKey()).isEqualTo("landlord.dev/sell");
                    assertThat(expression.getOperator()).isEqualTo("NotIn");
                });
    }

    @Test
    void sandboxesOutliveThePodOfTheirAgent() {
        PodSpec pod = agentPod();
        assertThat(pod.getHostPID()).isTrue();
        assertThat(pod.getHostNetwork()).isTrue();
        Container agent = pod.getContainers().getFirst();
        for (String name : List.of("state", "cgroup")) {
            String onHost = pod.getVolumes().stream()
                    .filter(volume -> volume.getName().equals(name))
                    .findAny()
                    .orElseThrow()
                    .getHostPath()
                    .getPath();
            assertThat(agent.getVolumeMounts()).anySatisfy(mount -> {
                assertThat(mount.getName()).isEqualTo(name);
                assertThat(mount.getMountPath()).isEqualTo(onHost);
                assertThat(mount.getReadOnly()).isNull();
            });
        }
        assertThat(Options.of(agent).values()).containsEntry("landlord.agent.state-dir", "/var/lib/landlord/agent");
        assertThat(Options.of(agent).values()).doesNotContainEntry("landlord.agent.teardown-on-exit", "true");
    }

    /** The token that can join hosts is seen by the step that needs it and by no long-running process. */
    @Test
    void theAgentDoesNotSeeTheSecret() {
        PodSpec pod = agentPod();
        assertThat(pod.getContainers().getFirst().getVolumeMounts())
                .noneMatch(mount -> mount.getName().equals("secret"));
        assertThat(pod.getInitContainers().getFirst().getVolumeMounts())
                .filteredOn(mount -> mount.getName().equals("secret"))
                .singleElement()
                .satisfies(mount -> assertThat(mount.getReadOnly()).isTrue());
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getName().equals("secret"))
                .singleElement()
                .satisfies(volume -> {
                    assertThat(volume.getSecret().getOptional()).isTrue();
                    assertThat(volume.getSecret().getDefaultMode()).isEqualTo(0400);
                });
    }

    private static PodSpec agentPod() {
        return Manifests.parse(Chart.render("minimal"))
                .find(DaemonSet.class, "landlord-agent")
                .orElseThrow()
                .getSpec()
                .getTemplate()
                .getSpec();
    }
}
