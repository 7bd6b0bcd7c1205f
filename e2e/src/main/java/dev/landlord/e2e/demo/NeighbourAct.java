package dev.landlord.e2e.demo;

import dev.landlord.e2e.report.DemoReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Eve knocks at doors that are not hers; that the world answers her shows that she can knock at all. */
final class NeighbourAct {
    /** No answer, or a refusal on the spot: nothing of what she sent came through. */
    private static final Pattern CLOSED = Pattern.compile("silent|refused|Permission denied|Operation not permitted"
            + "|Network is unreachable|No route to host|Host is unreachable|Address family not supported by protocol");

    private final DemoReport report;
    private final Stage stage;

    NeighbourAct(DemoReport report, Stage stage) {
        this.report = report;
        this.stage = stage;
    }

    void play() throws InterruptedException {
        Map<String, String> found = new TreeMap<>();
        report.vitalStep(
                "Eve knocks at a server in the world, and at Bob's shop as his customers do",
                "open, open: her network works",
                () -> {
                    found.putAll(Knock.by(stage.eve(), doors()));
                    return found.get("world") + ", " + found.get("bobs-shop");
                },
                "open, open"::equals);
        for (String door : found.keySet()) {
            if (!door.equals("world") && !door.equals("bobs-shop") && !door.equals("end")) {
                report.step(
                        "Eve tries " + door.replace('-', ' '),
                        "nobody answers her",
                        () -> found.getOrDefault(door, "not tried"),
                        observed -> CLOSED.matcher(observed).matches());
            }
        }
    }

    private Map<String, String> doors() {
        Map<String, String> doors = new LinkedHashMap<>();
        doors.put("world", Knock.door(stage.world().getHost(), stage.world().getPort()));
        Allocation bob = stage.shopOf("bob").replicas().getFirst();
        doors.put(
                "bobs-shop",
                Knock.door(
                        bob.doors().getFirst().getHost(), bob.doors().getFirst().getPort()));
        int number = 1;
        for (Shop shop : stage.shops()) {
            for (Allocation replica : shop.replicas()) {
                String name = shop.owner().name() + "s-replica-" + number++ + "-by-its-own-address";
                doors.put(name, Knock.door(replica.address(), Shop.PORT));
            }
        }
        stage.cluster()
                .agents()
                .forEach(agent -> doors.put(
                        "the-agent-of-" + agent.host().name(),
                        Knock.door(agent.host().address(), agent.metricsPort())));
        doors.put(
                "the-control-plane",
                Knock.door(
                        stage.cluster().publicUri().getHost(),
                        stage.cluster().publicUri().getPort()));
        doors.put("the-metadata-address", Knock.door("169.254.169.254", 80));
        return doors;
    }
}
