package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What depends on the kinds that a cluster knows, and what an installation says in the end. */
class ClusterTest {
    @Test
    void getsObjectsOfThePrometheusOperatorIfItKnowsThem() throws IOException {
        try (ApiServer cluster = ApiServer.start(List.of("PodMonitor", "PrometheusRule"))) {
            assertThat(Chart.tryOut("minimal", cluster.kubeConfig())).contains("secret generic landlord-scrape");
            assertThat(cluster.objects())
                    .contains(
                            "podmonitors/landlord-control-plane",
                            "podmonitors/landlord-agent",
                            "prometheusrules/landlord");
        }
    }

    @Test
    void getsEachKindByItself() throws IOException {
        try (ApiServer cluster = ApiServer.start(List.of("PrometheusRule"))) {
            assertThat(Chart.tryOut("minimal", cluster.kubeConfig())).doesNotContain("landlord-scrape");
            assertThat(cluster.objects())
                    .contains("prometheusrules/landlord")
                    .noneMatch(object -> object.startsWith("podmonitors/"));
        }
    }

    @Test
    void getsOnlyKubernetesOwnIfItDoesNot() throws IOException {
        try (ApiServer cluster = ApiServer.start(List.of())) {
            assertThat(Chart.tryOut("minimal", cluster.kubeConfig())).doesNotContain("landlord-scrape");
            assertThat(cluster.objects())
                    .containsExactlyInAnyOrder(
                            "configmaps/landlord-dashboards",
                            "configmaps/landlord-join-step",
                            "daemonsets/landlord-agent",
                            "deployments/landlord",
                            "persistentvolumeclaims/landlord-state",
                            "services/landlord",
                            "services/landlord-management",
                            "services/landlord-node");
        }
    }

    @Test
    void isToldNextStepsWithTheRightNames() throws IOException {
        try (ApiServer cluster = ApiServer.start(List.of())) {
            assertThat(Chart.tryOut("minimal", cluster.kubeConfig()))
                    .contains("kubectl -n hosting exec deploy/landlord -- cat /state/control-plane/joiner.token")
                    .contains("kubectl -n hosting create secret generic landlord-join --from-file=joiner.token");
            assertThat(Chart.tryOut("control-plane-only", cluster.kubeConfig())).doesNotContain("joiner.token");
        }
        try (ApiServer cluster = ApiServer.start(List.of("PodMonitor", "PrometheusRule"))) {
            assertThat(Chart.tryOut("full", cluster.kubeConfig()))
                    .contains("create secret generic scrape ")
                    .doesNotContain("create secret generic hosts");
        }
    }
}
