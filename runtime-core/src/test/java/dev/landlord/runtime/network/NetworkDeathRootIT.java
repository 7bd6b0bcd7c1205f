package dev.landlord.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.network.RemoteHost.Pids;
import dev.landlord.runtime.network.RemoteHost.Shop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever dies, in whatever order: nothing of a sandbox's network is left, and those that live keep theirs. */
@Tag("root")
class NetworkDeathRootIT {
    private static final long SEED = 20_261_124;
    private static final int ROUNDS = 12;
    private static final Shop SHOP =
            new Shop("shop", "100.64.0.2", 1, "TCP:80:20001", "echo open; exec net_probe shop 80 shop");

    @TempDir
    private Path scratch;

    private TestNetwork network;
    private RemoteHost host;

    @BeforeEach
    void open() throws IOException {
        network = new TestNetwork(scratch, List.of("host", "world"));
        host = new RemoteHost(network, "host", scratch);
        host.ask("surround", "all", "100.64.0.0/10", "100.64.0.0/22");
    }

    @AfterEach
    void close() {
        host.close();
        network.close();
    }

    private Pids openShop() {
        Pids pids = host.open(SHOP);
        TestNetwork.await(
                "the shop", () -> !network.buy("host", "100.64.0.2", 80).isEmpty());
        assertThat(network.buy("world", "10.77.0.1", 20_001)).isEqualTo("shop");
        return pids;
    }

    private void end(long pid) {
        network.exec("host", "kill", "-9", Long.toString(pid)).orFail();
        host.ask("wait", "shop");
    }

    private void nothingIsLeft() throws IOException {
        host.delete("shop");
        assertThat(host.leftovers()).isEmpty();
        assertThat(network.buy("world", "10.77.0.1", 20_001)).isEmpty();
    }

    @Test
    void theProgramIsKilled() throws IOException {
        end(openShop().program());
        assertThat(host.ask("status", "shop")).startsWith("EXITED");
        nothingIsLeft();
    }

    @Test
    void theSupervisorIsKilled() throws IOException {
        end(openShop().supervisor());
        assertThat(host.ask("status", "shop")).startsWith("LOST");
        nothingIsLeft();
    }

    @Test
    void nobodyIsKilledAndThereIsSomethingToSee() throws IOException {
        openShop();
        assertThat(String.join("\n", host.present()))
                .contains("link ", "route ", "neighbour ", "set sources", "map tenants", "set members", "map published")
                .contains("flow ", "directory ");
        nothingIsLeft();
    }

    @Test
    void theRuntimeIsKilledAndTheShopStaysOpen() throws IOException {
        openShop();
        host.kill();
        assertThat(network.buy("world", "10.77.0.1", 20_001)).isEqualTo("shop");
        host.start();
        assertThat(host.ask("status", "shop")).startsWith("RUNNING");
        assertThat(network.buy("world", "10.77.0.1", 20_001)).isEqualTo("shop");
        nothingIsLeft();
    }

    @Test
    void theShopIsClosedWhileThereIsNoRuntime() throws IOException {
        Pids pids = openShop();
        host.kill();
        network.exec("host", "kill", "-9", Long.toString(pids.program())).orFail();
        host.start();
        assertThat(host.ask("status", "shop")).startsWith("EXITED");
        nothingIsLeft();
    }

    @Test
    void theRuntimeIsKilledBeforeTheStart() throws IOException {
        host.ask(SHOP.words("create"));
        host.restart();
        assertThat(host.leftovers()).isEmpty();
    }

    @Test
    void anAddressIsUsedAgainAtOnce() throws IOException {
        openShop();
        host.delete("shop");
        assertThat(openShop().program()).isPositive();
        nothingIsLeft();
    }

    /** Between any two steps: the runtime makes and removes a shop again and again, and is killed at some moment. */
    @Test
    void theRuntimeIsKilledInBetween() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            host.tell(SHOP.words("churn"));
            host.killAfter(200 + random.nextInt(100));
            host.start();
            host.delete("shop");
            assertThat(host.leftovers())
                    .as("round " + round + " of seed " + SEED)
                    .isEmpty();
        }
    }

    @Test
    void whatNobodyOwnsIsRemovedAtTheStart() throws IOException {
        openShop();
        network.exec("host", "ip", "link", "add", "llffffffff", "group", "19532", "up", "type", "veth", "peer", "other")
                .orFail();
        network.exec("host", "ip", "route", "add", "100.64.8.0/22", "via", "10.77.0.2", "proto", "76")
                .orFail();
        host.restart();
        assertThat(network.exec("host", "ip", "link", "show", "llffffffff").exit())
                .isNotZero();
        assertThat(network.exec("host", "ip", "route", "show", "proto", "76").output())
                .doesNotContain("100.64.8.0")
                .contains("unreachable 100.64.0.0/22");
        assertThat(network.buy("world", "10.77.0.1", 20_001)).isEqualTo("shop");
        nothingIsLeft();
    }
}
