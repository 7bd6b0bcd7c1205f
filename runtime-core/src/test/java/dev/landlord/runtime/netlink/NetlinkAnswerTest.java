package dev.landlord.runtime.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetlinkAnswerTest {
    private static ByteBuffer message(int length, int type, int sequence) {
        return ByteBuffer.allocate(64)
                .order(ByteOrder.nativeOrder())
                .putInt(length)
                .putShort((short) type)
                .putShort((short) 0)
                .putInt(sequence)
                .putInt(0);
    }

    @Test
    void anErrorCarriesItsNumberAndAnAcknowledgementNone() {
        byte[] refused = Arrays.copyOf(message(20, 2, 3).putInt(-17).array(), 20);
        assertThat(NetlinkAnswer.parse(refused)).singleElement().satisfies(answer -> {
            assertThat(answer.errno()).isEqualTo(17);
            assertThat(answer.sequence()).isEqualTo(3);
        });
        byte[] done = Arrays.copyOf(message(20, 2, 1).putInt(0).array(), 20);
        assertThat(NetlinkAnswer.parse(done))
                .singleElement()
                .extracting(NetlinkAnswer::errno)
                .isEqualTo(0);
    }

    @Test
    void refusesMessagesThatAreLongerThanWhatCame() {
        assertThatThrownBy(() -> NetlinkAnswer.parse(message(65, 2, 1).array())).hasMessageContaining("65 bytes");
        assertThatThrownBy(() -> NetlinkAnswer.parse(message(8, 2, 1).array())).hasMessageContaining("8 bytes");
    }

    @Test
    void refusesAttributesThatAreLongerThanTheirMessage() {
        byte[] cut = {9, 0, 1, 0, 1, 2, 3, 4};
        assertThatThrownBy(() -> NetlinkAnswer.attributes(cut, 0)).hasMessageContaining("9 bytes");
    }

    @Test
    void readsLinks() {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(LinkMessages.NEW_LINK, 0).u8(0).u8(0).u16(0).u32(9).u32(0).u32(0);
        out.attribute(3, "ll64400005").attribute(4, 1400).attribute(27, SandboxLink.GROUP);
        assertThat(LinkMessages.links(NetlinkAnswer.parse(out.bytes())))
                .containsExactly(new LinkMessages.Link(9, "ll64400005", SandboxLink.GROUP, 1400));
    }

    @Test
    void readsCounters() {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(10 << 8 | 18, 0).u8(1).u8(0).u16(0);
        out.attribute(2, "spoofed".concat("\0").getBytes(StandardCharsets.US_ASCII));
        int data = out.nest(4);
        out.attribute(1, new byte[8])
                .attribute(2, new byte[] {0, 0, 0, 0, 0, 0, 1, 2})
                .close(data);
        assertThat(TableMessages.counters(NetlinkAnswer.parse(out.bytes()))).isEqualTo(Map.of("spoofed", 258L));
    }

    @Test
    void routesOfOthersAreNotOurs() {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(24, 0).u8(2).u8(24).u8(0).u8(0).u8(254).u8(2).u8(0).u8(1).u32(0);
        assertThat(RouteMessages.routes(NetlinkAnswer.parse(out.bytes()))).isEqualTo(List.of());
    }
}
