package dev.landlord.runtime.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Connection.PublishedPort;
import dev.landlord.runtime.Ipv4;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElementTest {
    static final Connection CONNECTION =
            new Connection(Ipv4.parse("100.64.0.5"), 7, List.of(new PublishedPort(Protocol.TCP, 8080, 20_001)));

    /** The bytes are those that nft(8) sent when it was told the text. */
    @Test
    void isTheSameInBothForms() {
        List<Element> elements = new ArrayList<>(Element.of(CONNECTION));
        elements.add(Element.peer(Ipv4.parse("100.64.4.2"), 7));
        assertThat(elements)
                .extracting(ElementTest::render)
                .containsExactly(
                        "sources \"ll64400005\" . 100.64.0.5 = 6c6c363434303030303500000000000064400005",
                        "tenants \"ll64400005\" : 0x00000007 = 6c6c3634343030303035000000000000 07000000",
                        "members \"ll64400005\" . 0x00000007 = 6c6c363434303030303500000000000007000000",
                        "published tcp . 20001 : 100.64.0.5 . 8080 = 060000004e210000 644000051f900000",
                        "peers 100.64.4.2 . 0x00000007 = 6440040207000000");
    }

    private static String render(Element element) {
        HexFormat hex = HexFormat.of();
        return (element.set() + " " + element.text() + " = " + hex.formatHex(element.key()) + " "
                        + hex.formatHex(element.data()))
                .strip();
    }

    @Test
    void changesOfOneSandboxAreTheGoldenBatch() throws IOException {
        Golden.compare(TableMessages.change("landlord", List.of(), Element.of(CONNECTION)), "admit.txt");
        Golden.compare(TableMessages.change("landlord", Element.of(CONNECTION), List.of()), "expel.txt");
    }

    @Test
    void forgetsFlowsByTheGoldenRequests() throws IOException {
        Golden.compare(FlowMessages.forget(Ipv4.parse("100.64.0.5")), "forget.txt");
        Golden.compare(FlowMessages.forget(Protocol.UDP, 20_053), "forget-port.txt");
    }

    /** An attribute has a length of 16 bits, and there can be more peers than that. */
    @Test
    void manyElementsAreSplitOverMessages() {
        List<Element> peers = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            peers.add(Element.peer(new Ipv4(0x6440_0000 + i), 1));
        }
        assertThat(NetlinkAnswer.parse(TableMessages.change("landlord", List.of(), peers)))
                .hasSize(2 + 10);
    }
}
