package dev.landlord.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Connection.PublishedPort;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.NetworkConfig;
import dev.landlord.runtime.NetworkConfig.FlowBounds;
import dev.landlord.runtime.NetworkConfig.PortRange;
import dev.landlord.runtime.netlink.Element;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TableTextTest {
    private static final NetworkConfig CONFIG = new NetworkConfig(
            "landlord", "eth0", List.of(new PortRange(20_000, 29_999), new PortRange(80, 80)), FlowBounds.DEFAULT);

    private static String text(String resource) throws IOException {
        try (InputStream in = TableTextTest.class.getResourceAsStream(resource)) {
            return in == null ? "no file " + resource : new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** What protects tenants, as the kernel is told it. */
    @Test
    void isTheGoldenText() throws IOException {
        List<Element> elements = new ArrayList<>(Element.of(
                new Connection(Ipv4.parse("100.64.0.5"), 7, List.of(new PublishedPort(Protocol.TCP, 8080, 20_001)))));
        elements.add(Element.peer(Ipv4.parse("100.64.4.2"), 7));
        Neighbourhood neighbourhood = new Neighbourhood(
                Ipv4Prefix.parse("100.64.0.0/10"),
                Ipv4Prefix.parse("100.64.0.0/22"),
                Map.of(),
                Map.of(),
                Set.of(
                        Ipv4Prefix.parse("10.9.0.2/32"),
                        Ipv4Prefix.parse("10.9.1.0/24"),
                        Ipv4Prefix.parse("10.9.1.7/32")));
        assertThat(TableText.render(text("table.nft"), CONFIG, true, neighbourhood, elements))
                .isEqualTo(text("/network/table.txt"));
    }

    @Test
    void withoutAnUplinkOrNeighboursNothingIsAdded() throws IOException {
        NetworkConfig alone = new NetworkConfig("alone", null, List.of(), FlowBounds.DEFAULT);
        assertThat(TableText.render(text("table.nft"), alone, false, Neighbourhood.NONE, List.of()))
                .doesNotContain("add element", "$")
                .contains("table inet alone {");
    }
}
