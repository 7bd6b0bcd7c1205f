package dev.landlord.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestsTest {
    private static final String WORKLOAD = """
            kind: Workload
            name: shop
            tenant: alice
            spec:
              kind: service
              image: busybox
              command: [sh, -c, "exit 1"]
              env: {PORT: "8080", QUIET: no}
              user: "0"
              workdir: /
              init: true
              replicas: 2
              resources: {cpuMillis: 100, memoryBytes: 67108864, pids: 64, diskBytes: 1048576, inodes: 100}
              restart: {mode: on-failure, initialBackoffMillis: 500, maxBackoffMillis: 1000}
            """;

    @Test
    void plansGoBeforeTenantsAndTenantsBeforeWorkloads() {
        List<Manifest> manifests = Manifests.parse("f", WORKLOAD + """
                ---
                # nothing
                ---
                kind: Tenant
                name: alice
                spec: {plan: small}
                ---
                kind: Plan
                name: small
                spec: {cpuMillis: 100, cpuWeight: 1, memoryBytes: 1, pids: 1, diskBytes: 1, inodes: 1, priority: 1,
                       trustClass: x}
                """);
        assertThat(manifests)
                .extracting(Manifest::label)
                .containsExactly("document 4 (Plan small)", "document 3 (Tenant alice)", "document 1 (Workload shop)");
        assertThat(manifests.getLast().tenant()).hasToString("alice");
        assertThat(manifests.getLast().spec().get("env").get("QUIET").asString())
                .isEqualTo("no");
    }

    @Test
    void everyErrorOfEveryDocumentIsNamed() {
        refused(
                WORKLOAD.replace("replicas: 2", "replicas: two").replace("pids: 64", "pid: 64") + """
                        ---
                        kind: Tenant
                        name: bob
                        spec: {plan: small, quota: 3}
                        extra: 1
                        """,
                "f document 1 (Workload shop): spec.replicas: must be an integer",
                "f document 1 (Workload shop): spec.resources.pid: unknown field; known are cpuMillis, diskBytes, inodes,"
                        + " memoryBytes, pids, swapBytes",
                "f document 2 (Tenant bob): spec.quota: unknown field; known are avoids, plan",
                "f document 2 (Tenant bob): extra: unknown field; known are kind, name, spec");
    }

    @Test
    void rlimitsHaveNamesAndTwoValues() {
        assertThat(Manifests.parse("f", WORKLOAD + "  rlimits: {nofile: {soft: 64, hard: 64}, as: {hard: 9}}\n"))
                .hasSize(1);
        refused(
                WORKLOAD + "  rlimits: {nofile: 64, core: {max: 0}, as: {soft: one}}\n",
                "f document 1 (Workload shop): spec.rlimits.nofile: must be a map",
                "f document 1 (Workload shop): spec.rlimits.core.max: unknown field; known are hard, soft",
                "f document 1 (Workload shop): spec.rlimits.as.soft: must be an integer");
    }

    @Test
    void fieldsOfTheDesignThatAreNotThereYetAreRefusedAsSuch() {
        refused(
                WORKLOAD + "  volumes: [80]\n",
                "f document 1 (Workload shop): spec.volumes: is not supported by this version");
    }

    @Test
    void aKindThatIsNoneIsRefused() {
        refused(
                "kind: Pod\nname: x\n---\n[1, 2]\n---\njust text\n",
                "f document 1: kind: must be one of Plan, Tenant, Workload",
                "f document 2: kind: must be one of Plan, Tenant, Workload",
                "f document 3: kind: must be one of Plan, Tenant, Workload");
    }

    @Test
    void whatIsMissingIsNamed() {
        refused(
                "kind: Workload\nspec: {image: busybox}\n",
                "f document 1 (Workload): spec.command: is missing",
                "f document 1 (Workload): name: is missing");
    }

    @Test
    void typesAreNotGuessed() {
        refused(
                WORKLOAD.replace("PORT: \"8080\"", "PORT: 8080")
                        .replace("user: \"0\"", "user: 0")
                        .replace("memoryBytes: 67108864", "memoryBytes: 64Mi")
                        .replace("init: true", "init: yes")
                        .replace("\"exit 1\"", "7"),
                "f document 1 (Workload shop): spec.command[2]: must be a string; quote it",
                "f document 1 (Workload shop): spec.env.PORT: must be a string; quote it",
                "f document 1 (Workload shop): spec.user: must be a string; quote it",
                "f document 1 (Workload shop): spec.init: must be true or false",
                "f document 1 (Workload shop): spec.resources.memoryBytes: must be an integer");
    }

    @Test
    void badNamesAreRefused() {
        String rule = "must match [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?";
        refused(
                WORKLOAD.replace("name: shop", "name: ../shop").replace("tenant: alice", "tenant: Alice"),
                "f document 1 (Workload ../shop): name: WorkloadName " + rule,
                "f document 1 (Workload ../shop): tenant: TenantName " + rule);
    }

    @Test
    void theSameThingTwiceIsRefused() {
        refused(WORKLOAD + "---\n" + WORKLOAD, "f document 2 (Workload shop): name: is the same as in document 1");
    }

    @Test
    void aFieldTwiceIsRefused() {
        assertThatThrownBy(() -> Manifests.parse("f", "kind: Plan\nname: a\nname: b\n"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("f line 3")
                .hasMessageContaining("name");
    }

    @Test
    void anAliasIsRefusedAndNotReadAsItsName() {
        refused(
                WORKLOAD.replace("image: busybox", "image: &i busybox").replace("workdir: /", "workdir: *i"),
                "f line 10: aliases (*name) are not supported");
    }

    @Test
    void whatIsNotYamlIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> Manifests.parse("f", "kind: [\n"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("f line 1, column 8: expected the node content, but found '<stream end>'");
    }

    @Test
    void nothingIsRefused() {
        refused("", "f: holds no document");
        refused("# only a comment\n---\n---\n", "f: holds no document");
    }

    @Test
    void tooManyDocumentsAreRefused() {
        refused(
                "kind: Tenant\nname: a\nspec: {plan: p}\n" + "---\n1\n".repeat(Manifests.MAX_DOCUMENTS),
                "f: more than 1000 documents");
    }

    private static void refused(String yaml, String... lines) {
        assertThatThrownBy(() -> Manifests.parse("f", yaml)).isInstanceOfSatisfying(CommandFailure.class, failure -> {
            assertThat(failure.code()).isEqualTo(ExitCode.USAGE);
            assertThat(failure.lines()).containsExactlyInAnyOrder(lines);
        });
    }
}
