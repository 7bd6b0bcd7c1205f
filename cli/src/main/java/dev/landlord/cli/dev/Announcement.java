package dev.landlord.cli.dev;

import dev.landlord.cli.render.Fields;
import dev.landlord.cli.terminal.Terminal;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Says that everything is up, where it is, and what to do next. */
final class Announcement {
    private final DevOptions options;
    private final StateFolder state;
    private final Slot slot;
    private final Path configFile;

    Announcement(DevOptions options, StateFolder state, Slot slot, Path configFile) {
        this.options = options;
        this.state = state;
        this.slot = slot;
        this.configFile = configFile;
    }

    void print(Terminal terminal, JsonNode listeners, int metricsPort) {
        if (options.json()) {
            terminal.out().println(json(listeners, metricsPort));
        } else {
            terminal.out().print(words(listeners, metricsPort));
        }
        terminal.out().flush();
    }

    private String json(JsonNode listeners, int metricsPort) {
        ObjectNode ready = JsonMapper.shared().createObjectNode();
        ready.put("server", url(Fields.number(listeners, "public")));
        ready.put("nodeApi", url(Fields.number(listeners, "node")));
        ready.put("management", url(Fields.number(listeners, "management")));
        ready.put("metrics", url(metricsPort));
        ready.put("node", options.node());
        ready.put("caFile", state.controlPlane().resolve("ca.crt").toString());
        ready.put(
                "operatorTokenFile",
                state.controlPlane().resolve("operator.token").toString());
        ready.put(
                "scrapeTokenFile", state.controlPlane().resolve("scrape.token").toString());
        ready.put("stateDir", state.path().toString());
        ready.put("cgroupRoot", slot.cgroupRoot());
        ready.put("context", slot.contextName());
        return ready.toString();
    }

    private String words(JsonNode listeners, int metricsPort) {
        String context = slot.number() == 0 ? "" : "  export LANDLORD_CONTEXT=" + slot.contextName() + "\n";
        return """
                Landlord runs on this host: one control plane and one agent.

                  REST API     %s
                  management   %s
                  agent        %s
                  state, logs  %s%s
                  CLI context  %s in %s

                A first tenant, in another terminal:

                %s  landlord plan put small --cpu 500m --memory 256Mi --pids 128
                  landlord tenant create alice --plan small --save-token alice.token
                  cat > hello.yaml <<END
                  kind: Workload
                  name: hello
                  tenant: alice
                  spec: {image: busybox, command: [sh, -c, "while :; do echo hello from \\$(hostname); sleep 1; done"]}
                  END
                  landlord apply -f hello.yaml --wait
                  landlord top
                  landlord logs -t alice -f hello

                Ctrl-C ends both%s.
                """.formatted(
                        url(Fields.number(listeners, "public")),
                        url(Fields.number(listeners, "management")),
                        url(metricsPort),
                        state.path(),
                        state.temporary() && !options.keep() ? " (deleted at the end)" : "",
                        slot.contextName(),
                        configFile,
                        context,
                        options.keep() ? "; the sandboxes run on" : " and deletes all sandboxes");
    }

    private static String url(long port) {
        return "https://127.0.0.1:" + port;
    }
}
