package dev.landlord.agent;

import dev.landlord.agent.network.Uplink;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Under which address others reach the metrics listener. */
final class AdvertisedHost {
    private AdvertisedHost() {}

    /**
     * The configured address; for a listener on all addresses the one that this host has on its way to the control plane,
     * which is also the one that its certificate names.
     */
    static String of(AgentProperties properties) {
        try {
            InetAddress address = InetAddress.getByName(properties.metricsAddress());
            return text(
                    address.isAnyLocalAddress()
                            ? Uplink.localAddressTowards(
                                    properties.controlPlaneUrl().getFirst().getHost())
                            : address);
        } catch (IOException e) {
            throw new ConfigurationException(
                    AgentProperties.PREFIX + ".metrics-address: cannot tell where others reach it: " + e, e);
        }
    }

    private static String text(InetAddress address) {
        String plain = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + plain.replaceFirst("%.*", "") + "]" : plain;
    }
}
