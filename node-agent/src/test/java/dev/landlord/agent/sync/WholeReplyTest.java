package dev.landlord.agent.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.sync.DesiredReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeReplyTest {
    private static final String WHOLE = """
            {"desired": {
              "generation": {"incarnation": "db-1", "number": 9},
              "assignments": [{
                "allocation": "aaaaaaaa1", "tenant": "alice", "workload": "shop", "index": 0, "desired": "RUNNING",
                "process": {"image": "busybox", "command": ["true"], "env": {}, "user": "0", "workdir": "/", "init": true},
                "resources": {"cpuMillis": 10, "memoryBytes": 4194304, "pids": 1, "diskBytes": 65536, "inodes": 16},
                "cpuWeight": 100, "restart": {"mode": "ALWAYS", "initialBackoffMillis": 10, "maxBackoffMillis": 10},
                "restartCounter": 0, "stopGraceMillis": 1}],
              "frozen": []},
             "streams": [{"id": "s1", "kind": "STDOUT", "allocation": "aaaaaaaa1", "follow": true, "tailBytes": 1}]}
            """;

    private static DesiredReply require(String json) {
        return WholeReply.require("GET x", HttpCalls.parse("GET x", json.getBytes(UTF_8), DesiredReply.class));
    }

    @Test
    void aWholeOneIsHandedOn() {
        assertThat(require(WHOLE).streams()).hasSize(1);
        assertThat(require("{\"streams\": []}").desired()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generation",
                "incarnation",
                "allocation",
                "tenant",
                "workload",
                "desired",
                "process",
                "image",
                "user",
                "workdir",
                "resources",
                "restart",
                "mode",
                "kind",
                "id"
            })
    void aHoleIsNamed(String part) {
        // The outermost "desired" is the set itself, which may be absent.
        int from = part.equals("desired") ? WHOLE.indexOf("assignments") : 0;
        String holed = WHOLE.substring(0, from) + WHOLE.substring(from).replaceFirst("\"" + part + "\"", "\"x\"");
        assertThatThrownBy(() -> require(holed))
                .isInstanceOf(ControlPlaneException.class)
                // Some records of the contract cannot even be made without a part.
                .hasMessageMatching("(?s)GET x: the answer (lacks /.*" + part + "|is not understood: .*)");
    }
}
