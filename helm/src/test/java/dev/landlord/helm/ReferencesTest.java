package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.openshift.api.model.monitoring.v1.PodMetricsEndpoint;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names by which objects refer to each other. Kubernetes would take a wrong one, and nothing would happen. */
class ReferencesTest {
    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void ofServicesLeadToPortsOfPods(String set) {
        Manifests manifests = Manifests.parse(Chart.render(set));
        assertThat(manifests.all(Service.class)).hasSize(3).allSatisfy(service -> {
            PodTemplateSpec pods = selected(manifests, service.getSpec().getSelector());
            for (ServicePort port : service.getSpec().getPorts()) {
                assertThat(ports(pods)).anySatisfy(target -> {
                    assertThat(target.getName()).isEqualTo(port.getTargetPort().getStrVal());
                    assertThat(target.getContainerPort()).isEqualTo(port.getPort());
                });
            }
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void ofPodMonitorsLeadToPortsOfPods(String set) {
        Manifests manifests = Manifests.parse(Chart.render(set));
        assertThat(manifests.all(PodMonitor.class)).allSatisfy(monitor -> {
            PodTemplateSpec pods =
                    selected(manifests, monitor.getSpec().getSelector().getMatchLabels());
            assertThat(ports(pods).map(ContainerPort::getName))
                    .containsAll(monitor.getSpec().getPodMetricsEndpoints().stream()
                            .map(PodMetricsEndpoint::getPort)
                            .toList());
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void ofControllersSelectTheirOwnPods(String set) {
        Manifests manifests = Manifests.parse(Chart.render(set));
        manifests
                .all(io.fabric8.kubernetes.api.model.apps.Deployment.class)
                .forEach(object -> assertThat(object.getSpec().getTemplate())
                        .isSameAs(selected(
                                manifests, object.getSpec().getSelector().getMatchLabels())));
        manifests
                .all(io.fabric8.kubernetes.api.model.apps.DaemonSet.class)
                .forEach(object -> assertThat(object.getSpec().getTemplate())
                        .isSameAs(selected(
                                manifests, object.getSpec().getSelector().getMatchLabels())));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void ofContainersLeadToVolumesAndPorts(String set) {
        Manifests manifests = Manifests.parse(Chart.render(set));
        assertThat(manifests.podTemplates()).isNotEmpty().allSatisfy((name, pods) -> {
            List<Container> containers = Stream.concat(
                            pods.getSpec().getInitContainers().stream(), pods.getSpec().getContainers().stream())
                    .toList();
            assertThat(containers.stream()
                            .flatMap(container -> container.getVolumeMounts().stream())
                            .map(VolumeMount::getName)
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(pods.getSpec().getVolumes().stream()
                            .map(Volume::getName)
                            .toList());
            for (Container container : containers) {
                assertThat(container.getVolumeMounts())
                        .extracting(VolumeMount::getMountPath)
                        .doesNotHaveDuplicates();
                probes(container)
                        .forEach(probe -> assertThat(container.getPorts())
                                .extracting(ContainerPort::getName)
                                .contains(port(probe)));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void ofVolumesLeadToWhatTheChartMakesOrIsGiven(String set) {
        Manifests manifests = Manifests.parse(Chart.render(set));
        manifests.podTemplates().values().stream()
                .flatMap(pods -> pods.getSpec().getVolumes().stream())
                .forEach(volume -> {
                    if (volume.getConfigMap() != null) {
                        assertThat(manifests.find(
                                        ConfigMap.class, volume.getConfigMap().getName()))
                                .isPresent();
                    }
                    if (volume.getPersistentVolumeClaim() != null && !set.equals("control-plane-only")) {
                        assertThat(manifests.find(
                                        PersistentVolumeClaim.class,
                                        volume.getPersistentVolumeClaim().getClaimName()))
                                .isPresent();
                    }
                });
    }

    private static PodTemplateSpec selected(Manifests manifests, Map<String, String> labels) {
        assertThat(labels).isNotEmpty();
        List<PodTemplateSpec> pods = manifests.podTemplates().values().stream()
                .filter(template ->
                        template.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
                .toList();
        assertThat(pods).as("pods with the labels %s", labels).hasSize(1);
        return pods.getFirst();
    }

    private static Stream<ContainerPort> ports(PodTemplateSpec pods) {
        return pods.getSpec().getContainers().stream().flatMap(container -> container.getPorts().stream());
    }

    private static Stream<Probe> probes(Container container) {
        return Stream.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())
                .filter(Objects::nonNull);
    }

    private static String port(Probe probe) {
        return probe.getHttpGet() == null
                ? probe.getTcpSocket().getPort().getStrVal()
                : probe.getHttpGet().getPort().getStrVal();
    }
}
