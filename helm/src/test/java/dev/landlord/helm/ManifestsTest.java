package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is rendered are objects of Kubernetes, to the last field, with the files of this repository in them unchanged. */
class ManifestsTest {
    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void areKnownToKubernetes(String set) {
        assertThat(Manifests.parse(Chart.render(set)).objects())
                .isNotEmpty()
                .allSatisfy(object -> {
                    assertThat(object.getMetadata().getNamespace()).isEqualTo("hosting");
                    assertThat(object.getMetadata().getLabels())
                            .containsEntry("app.kubernetes.io/instance", "landlord")
                            .containsEntry("app.kubernetes.io/part-of", "landlord");
                })
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "'      hostPID: true', '      hostPid: true', hostPid",
        "'            - {name: tmp, mountPath: /tmp}', '            - {name: tmp, mountPaht: /tmp}', mountPaht",
        "'            capabilities: {drop: [ALL]}', '            capabilities: {dorp: [ALL]}', dorp",
        "'  strategy: {type: Recreate}', '  strategy: {type: Recreate, tyqe: x}', tyqe",
        "'      honorLabels: true', '      honourLabels: true', honourLabels",
        "'  type: ClusterIP', '  type: ClusterIP\n  type: NodePort', Duplicate field 'type'",
        "'kind: DaemonSet', 'kind: DeamonSet', DeamonSet"
    })
    void areNotIfAFieldIsMisspelt(String right, String wrong, String complaint) {
        String rendered = Chart.render("full");
        assertThat(rendered).contains(right + "\n");
        assertThatThrownBy(() -> Manifests.parse(rendered.replace(right + "\n", wrong + "\n")))
                .hasMessageContaining(complaint);
    }

    @Test
    void holdTheDashboardAsItIs() throws IOException {
        String dashboard = Manifests.parse(Chart.render("minimal"))
                .find(ConfigMap.class, "landlord-dashboards")
                .orElseThrow()
                .getData()
                .get("landlord-tenants.json");
        JsonMapper json = new JsonMapper();
        assertThat(json.readTree(dashboard)).isEqualTo(json.readTree(Chart.file("dashboards/tenants.json")));
    }

    @Test
    void holdTheRulesAsTheyAre() throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        PrometheusRule rule =
                Manifests.parse(Chart.render("full")).all(PrometheusRule.class).getFirst();
        assertThat(yaml.<com.fasterxml.jackson.databind.JsonNode>valueToTree(rule.getSpec()))
                .isEqualTo(yaml.valueToTree(yaml.readValue(
                        Chart.file("rules/landlord.yaml"),
                        io.fabric8.openshift.api.model.monitoring.v1.PrometheusRuleSpec.class)));
        assertThat(rule.getSpec().getGroups()).hasSizeGreaterThan(1);
        assertThat(rule.getMetadata().getLabels()).containsEntry("release", "prometheus");
    }

    @Test
    void holdTheJoinStepAsItIs() {
        assertThat(Manifests.parse(Chart.render("minimal"))
                        .find(ConfigMap.class, "landlord-join-step")
                        .orElseThrow()
                        .getData()
                        .get("join.sh"))
                .isEqualTo(Chart.file("files/join.sh"));
    }

    @Test
    void holdTheJoinSecretOnlyIfItsContentIsGiven() {
        assertThat(Manifests.parse(Chart.render("minimal")).all(Secret.class)).isEmpty();
        Secret secret = Manifests.parse(Chart.render("full"))
                .find(Secret.class, "hosts")
                .orElseThrow();
        assertThat(secret.getData()).containsOnlyKeys("joiner.token", "ca.crt");
        assertThat(text(secret, "joiner.token")).isEqualTo("ll_0123456789012345678901234567890123456789abc");
        assertThat(text(secret, "ca.crt")).startsWith("-----BEGIN CERTIFICATE-----\n");
    }

    private static String text(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }
}
