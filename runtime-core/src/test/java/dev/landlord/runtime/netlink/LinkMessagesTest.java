package dev.landlord.runtime.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.netlink.LinkMessages.Attach;
import dev.landlord.runtime.netlink.LinkMessages.HostLinks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class LinkMessagesTest {
    private static final SandboxLink LINK = SandboxLink.of(Ipv4.parse("100.64.0.5"));
    private static final HostLinks HOST = new HostLinks(1400, true);

    @Test
    void aLinkIsNamedNumberedAndAddressedByItsAddress() {
        assertThat(LINK.name()).isEqualTo("ll64400005");
        assertThat(LINK.index()).isEqualTo(0x6440_0005);
        assertThat(LINK.hardwareAddress()).containsExactly(2, 0x4c, 100, 64, 0, 5);
        assertThat(SandboxLink.of(Ipv4.parse("255.255.255.255")).index()).isEqualTo(0x7FFF_FFFF);
        assertThat(SandboxLink.of(Ipv4.parse("255.255.255.255")).name()).hasSize(10);
    }

    @Test
    void theHostsSideIsTheGoldenBatch() throws IOException {
        Golden.compare(LinkMessages.attach(LINK, HOST).batch(), "attach.txt");
    }

    @Test
    void theInsideIsTheGoldenBatch() throws IOException {
        Golden.compare(LinkMessages.inside(LINK, HOST), "inside.txt");
    }

    @Test
    void aKernelWithoutIpv6IsNotAskedAboutIt() throws IOException {
        Golden.compare(LinkMessages.inside(LINK, new HostLinks(1400, false)), "inside-ipv4.txt");
    }

    @Test
    void withoutALinkThereIsTheLoopback() throws IOException {
        Golden.compare(LinkMessages.loopbackOnly(), "loopback.txt");
    }

    @Test
    void theProcessGoesIntoItsAttribute() {
        Attach attach = LinkMessages.attach(LINK, HOST);
        ByteBuffer batch = ByteBuffer.wrap(attach.batch()).order(ByteOrder.nativeOrder());
        assertThat(batch.getShort(attach.pidOffset() - 4)).isEqualTo((short) 8);
        assertThat(batch.getShort(attach.pidOffset() - 2)).isEqualTo((short) 19); // IFLA_NET_NS_PID
        assertThat(batch.getInt(attach.pidOffset())).isZero();
    }

    @Test
    void onlyTheLastMessageOfABatchAsksToBeAcknowledged() {
        ByteBuffer batch = ByteBuffer.wrap(LinkMessages.inside(LINK, HOST)).order(ByteOrder.nativeOrder());
        int at = 0;
        while (at + batch.getInt(at) < batch.limit()) {
            assertThat(batch.getShort(at + 6) & NetlinkWriter.ACK).isZero();
            at += batch.getInt(at);
        }
        assertThat(batch.getShort(at + 6) & NetlinkWriter.ACK).isEqualTo(NetlinkWriter.ACK);
    }

    @Test
    void aHostCanBeToldToForwardForOneDevice() throws IOException {
        Golden.compare(LinkMessages.forward(4), "forward.txt");
    }
}
