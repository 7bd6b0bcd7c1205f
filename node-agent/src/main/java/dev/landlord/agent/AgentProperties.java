package dev.landlord.agent;

import dev.landlord.agent.image.ImageSource;
import dev.landlord.api.id.Id;
import dev.landlord.api.id.NodeName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * The configuration of an agent, {@code landlord.agent.*}. Anything else under the prefix is refused.
 *
 * @param node the name that the control plane knows this host by
 * @param controlPlaneUrl {@code https://HOST:PORT} of the control plane's node API; several if there are replicas
 * @param joinToken needed only until the node has joined
 * @param joinTokenFile a file that holds it, in place of {@code joinToken}
 * @param stateDir absolute; made if absent, and 0700; one that holds something else is refused
 * @param cgroupRoot name of the agent's subtree in every control-group hierarchy
 * @param idBase first host id that may be given to tenants, a multiple of 65,536
 * @param idCount number of those ids, a multiple of 65,536; each tenant here takes 65,536
 * @param share what may be sold
 * @param sandboxCpus kernel list of the CPUs that sandboxes run on, such as {@code 1-7}; all if absent
 * @param images the catalogue; a built-in busybox if there is none
 * @param metricsAddress that the metrics listener binds
 * @param metricsPort 0 for any free one; none that tenants may have: who had it would be scraped in the agent's place
 * @param network how sandboxes are connected
 * @param limitCheckPeriod between two looks at the limits of one sandbox or slice, 1 s to 1 h
 * @param teardownOnExit delete all sandboxes when the agent is stopped, in place of leaving them running; for trying out
 */
public record AgentProperties(
        String node,
        List<URI> controlPlaneUrl,
        @Nullable String joinToken,
        @Nullable Path joinTokenFile,
        @DefaultValue("/var/lib/landlord/agent") Path stateDir,
        @DefaultValue("landlord") String cgroupRoot,
        @DefaultValue("1879048192") long idBase,
        @DefaultValue("67108864") long idCount,
        @DefaultValue Sold share,
        @Nullable String sandboxCpus,
        List<ImageSource> images,
        @DefaultValue("127.0.0.1") String metricsAddress,
        @DefaultValue("7710") int metricsPort,
        @DefaultValue Network network,
        @DefaultValue("10s") Duration limitCheckPeriod,
        @DefaultValue("false") boolean teardownOnExit) {
    static final String PREFIX = "landlord.agent";

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private static final List<ImageSource> BUILT_IN = List.of(new ImageSource("busybox", ImageSource.Kind.BUSYBOX, ""));

    /**
     * Each may be absent: then it is the machine less a reserve for the host.
     *
     * @param cpuMillis thousandths of a core
     */
    public record Sold(
            @Nullable Long cpuMillis,
            @Nullable Long memoryBytes,
            @Nullable Long pids) {
        public Sold {
            atLeastOne("share.cpu-millis", cpuMillis);
            atLeastOne("share.memory-bytes", memoryBytes);
            atLeastOne("share.pids", pids);
        }

        private static void atLeastOne(String property, @Nullable Long value) {
            require(value == null || value > 0, property, "must be positive, was " + value);
        }
    }

    /**
     * How sandboxes are connected. One agent in a network namespace of the host can connect sandboxes, not two.
     *
     * @param enabled false: sandboxes have their loopback and nothing else
     * @param hostAddress IPv4 under which others reach this host; by the way to the control plane if absent
     * @param firstPort of the range from which host ports are given
     * @param lastPort inclusive
     * @param extraPorts outside of the range, which tenants may ask for by number, for example 80 and 443
     */
    public record Network(
            @DefaultValue("true") boolean enabled,
            @Nullable String hostAddress,
            @DefaultValue("20000") int firstPort,
            @DefaultValue("29999") int lastPort,
            @Nullable Set<Integer> extraPorts) {
        public Network {
            require(
                    hostAddress == null || IPV4.matcher(hostAddress).matches(),
                    "network.host-address",
                    "must be an IPv4 address such as 10.0.0.1, was " + hostAddress);
            require(
                    1024 <= firstPort && firstPort <= lastPort && lastPort <= 65_535,
                    "network.first-port",
                    "must be between 1024 and last-port, and that at most 65535, were " + firstPort + " and "
                            + lastPort);
            extraPorts = extraPorts == null ? Set.of() : Set.copyOf(extraPorts);
            for (int port : extraPorts) {
                require(port >= 1 && port <= 65_535, "network.extra-ports", "must be between 1 and 65535, was " + port);
            }
        }

        private boolean gives(int port) {
            return enabled && ((port >= firstPort && port <= lastPort) || extra().contains(port));
        }

        Set<Integer> extra() {
            return extraPorts == null ? Set.of() : extraPorts;
        }
    }

    @SuppressWarnings("NullAway") // what is absent arrives as null, whatever the type says
    public AgentProperties {
        require(node != null, "node", "is required");
        require(Id.NAME.matcher(node).matches(), "node", "must match " + Id.NAME.pattern());
        require(
                controlPlaneUrl != null && !controlPlaneUrl.isEmpty(),
                "control-plane-url",
                "is required, for example https://localhost:7701");
        controlPlaneUrl = List.copyOf(controlPlaneUrl);
        for (URI each : controlPlaneUrl) {
            require(
                    "https".equals(each.getScheme()) && each.getHost() != null,
                    "control-plane-url",
                    "must have the form https://HOST:PORT, several with commas between, was " + each);
        }
        require(joinToken == null || joinTokenFile == null, "join-token-file", "must be absent when join-token is set");
        require(stateDir.isAbsolute(), "state-dir", "must be an absolute path, was " + stateDir);
        require(
                metricsPort >= 0 && metricsPort <= 65_535,
                "metrics-port",
                "must be between 0 and 65535, was " + metricsPort);
        require(
                !network.gives(metricsPort),
                "metrics-port",
                "must not be one that tenants may have, was " + metricsPort
                        + " (network.first-port to network.last-port, or" + " network.extra-ports)");
        require(
                limitCheckPeriod.compareTo(Duration.ofSeconds(1)) >= 0
                        && limitCheckPeriod.compareTo(Duration.ofHours(1)) <= 0,
                "limit-check-period",
                "must be between 1s and 1h, was " + limitCheckPeriod);
        images = images == null || images.isEmpty() ? BUILT_IN : List.copyOf(images);
    }

    private static void require(boolean holds, String property, String rule) {
        if (!holds) {
            throw new ConfigurationException(PREFIX + "." + property + ": " + rule, null);
        }
    }

    NodeName nodeName() {
        return new NodeName(node);
    }

    /** @throws ConfigurationException naming the first property that is wrong */
    static AgentProperties of(Environment environment) {
        return bind(Binder.get(environment));
    }

    static AgentProperties bind(Binder binder) {
        BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
        try {
            return binder.bindOrCreate(PREFIX, Bindable.of(AgentProperties.class), strict);
        } catch (RuntimeException e) {
            throw ConfigurationException.of(e);
        }
    }

    /** Says nothing of the token. */
    @Override
    public String toString() {
        return "AgentProperties[node=" + node + ", controlPlaneUrl=" + controlPlaneUrl + ", stateDir=" + stateDir + "]";
    }
}
