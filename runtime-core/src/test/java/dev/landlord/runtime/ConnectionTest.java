package dev.landlord.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Connection.PublishedPort;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private static final Ipv4 ADDRESS = Ipv4.parse("100.64.0.2");

    @Test
    void aHostPortLeadsToOnePortOnly() {
        PublishedPort web = new PublishedPort(Protocol.TCP, 80, 20_001);
        PublishedPort other = new PublishedPort(Protocol.TCP, 81, 20_001);
        PublishedPort datagrams = new PublishedPort(Protocol.UDP, 80, 20_001);
        assertThat(new Connection(ADDRESS, 1, List.of(web, datagrams)).ports()).hasSize(2);
        assertThatThrownBy(() -> new Connection(ADDRESS, 1, List.of(web, other)))
                .hasMessage("TCP port 20001 is published twice");
    }

    @Test
    void aTenantHasAMark() {
        assertThatThrownBy(() -> new Connection(ADDRESS, 0, List.of())).hasMessage("tenantMark must not be 0");
    }
}
