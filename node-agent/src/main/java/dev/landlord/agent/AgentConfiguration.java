package dev.landlord.agent;

import dev.landlord.agent.address.ControlPlanes;
import dev.landlord.agent.diff.LeaseView;
import dev.landlord.agent.drift.DriftCheck;
import dev.landlord.agent.image.ImageCatalogue;
import dev.landlord.agent.inventory.Inventory;
import dev.landlord.agent.inventory.Machine;
import dev.landlord.agent.inventory.SandboxCpus;
import dev.landlord.agent.inventory.Share;
import dev.landlord.agent.join.NodeCredentials;
import dev.landlord.agent.join.Renewal;
import dev.landlord.agent.lease.LeaseClock;
import dev.landlord.agent.ledger.Ledger;
import dev.landlord.agent.metrics.AgentMeters;
import dev.landlord.agent.metrics.ContainerMetrics;
import dev.landlord.agent.network.FirewallWatch;
import dev.landlord.agent.network.NetworkPlan;
import dev.landlord.agent.network.Surrounding;
import dev.landlord.agent.network.Uplink;
import dev.landlord.agent.protection.SelfProtection;
import dev.landlord.agent.reconcile.AgentReconciler;
import dev.landlord.agent.reconcile.Confirmation;
import dev.landlord.agent.sandbox.IdBlocksInUse;
import dev.landlord.agent.sandbox.IdRange;
import dev.landlord.agent.sandbox.LimitGroups;
import dev.landlord.agent.sandbox.Residents;
import dev.landlord.agent.sandbox.SandboxExecutor;
import dev.landlord.agent.sandbox.SandboxObserver;
import dev.landlord.agent.stream.ExecStreams;
import dev.landlord.agent.stream.LogStreams;
import dev.landlord.agent.sync.AgentRun;
import dev.landlord.agent.sync.ControlPlaneClient;
import dev.landlord.agent.sync.DesiredLoop;
import dev.landlord.agent.sync.HttpControlPlaneClient;
import dev.landlord.agent.sync.ReportLoop;
import dev.landlord.runtime.Lease;
import dev.landlord.runtime.NetworkConfig.PortRange;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.engine.LinuxSandboxRuntime;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which part is given which. */
@Configuration(proxyBeanMethods = false)
class AgentConfiguration {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Path PROC = Path.of("/proc");
    private static final Path ONLINE_CPUS = Path.of("/sys/devices/system/cpu/online");
    private static final String SANDBOX_CPUS = AgentProperties.PREFIX + ".sandbox-cpus: ";

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    /** Read first: a broken ledger is to stop the agent before it touches anything. */
    @Bean
    Ledger ledger(StateDirectory state) {
        return Ledger.open(state.path());
    }

    /** Absent if this host is not to connect sandboxes. */
    @Bean
    @Nullable
    NetworkPlan networkPlan(AgentProperties properties) {
        AgentProperties.Network network = properties.network();
        if (!network.enabled()) {
            return null;
        }
        try {
            Uplink uplink = network.hostAddress() == null
                    ? Uplink.towards(properties.controlPlaneUrl().getFirst().getHost())
                    : Uplink.of(network.hostAddress());
            PortRange range = new PortRange(network.firstPort(), network.lastPort());
            return new NetworkPlan(uplink, range, network.extra());
        } catch (IOException e) {
            throw new ConfigurationException(
                    AgentProperties.PREFIX + ".network.host-address: cannot tell how this host is connected: " + e, e);
        }
    }

    @Bean
    SandboxRuntime sandboxRuntime(
            AgentProperties properties, StateDirectory state, Ledger ledger, Optional<NetworkPlan> network) {
        String cgroupRoot = properties.cgroupRoot();
        SandboxRuntime runtime = new LinuxSandboxRuntime(new RuntimeConfig(
                state.path(),
                CGROUPS,
                cgroupRoot,
                network.map(plan -> plan.config(cgroupRoot)).orElse(null)));
        runtime.adopt();
        return runtime;
    }

    @Bean
    ImageCatalogue imageCatalogue(StateDirectory state) {
        return new ImageCatalogue(state.path().resolve("images"));
    }

    @Bean
    Inventory inventory(
            AgentProperties properties,
            SandboxRuntime runtime,
            Optional<NetworkPlan> network,
            Optional<SandboxCpus> sandboxCpus) {
        int cpus = sandboxCpus.map(SandboxCpus::count).orElse(runtime.facts().cpus());
        Machine machine = Machine.of(cpus, PROC);
        AgentProperties.Sold sold = properties.share();
        try {
            Share share = Share.of(machine, sold.cpuMillis(), sold.memoryBytes(), sold.pids());
            return new Inventory(
                    runtime.facts(),
                    share,
                    version(),
                    network.map(NetworkPlan::offer).orElse(null),
                    SelfProtection.apply(PROC.resolve("self")));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String version() {
        String version = NodeAgentApplication.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Bean
    Residents residents(SandboxRuntime runtime) {
        return new Residents(runtime);
    }

    @Bean
    AgentMeters agentMeters(MeterRegistry registry, InstantSource clock) {
        return new AgentMeters(registry, clock);
    }

    @Bean
    ContainerMetrics containerMetrics(
            PrometheusRegistry registry,
            Residents residents,
            AgentProperties properties,
            AgentMeters meters,
            InstantSource clock) {
        ContainerMetrics metrics = new ContainerMetrics(residents, properties.nodeName(), meters, clock);
        registry.register(metrics);
        return metrics;
    }

    /** Absent if sandboxes may run on all of them. */
    @Bean
    @Nullable
    SandboxCpus sandboxCpus(AgentProperties properties) {
        String list = properties.sandboxCpus();
        if (list == null) {
            return null;
        }
        try {
            return SandboxCpus.of(list, Files.readString(ONLINE_CPUS));
        } catch (IllegalArgumentException | IOException e) {
            throw new ConfigurationException(SANDBOX_CPUS + e.getMessage(), e);
        }
    }

    /** A host that cannot bind its sandboxes starts none. */
    @Bean
    LimitGroups limitGroups(SandboxRuntime runtime, Optional<SandboxCpus> sandboxCpus) {
        LimitGroups groups =
                new LimitGroups(runtime, sandboxCpus.map(SandboxCpus::list).orElse(null));
        try {
            groups.tryCpus();
            return groups;
        } catch (SandboxException e) {
            throw new ConfigurationException(SANDBOX_CPUS + "cannot be enforced: " + e.getMessage(), e);
        }
    }

    @Bean
    AgentReconciler.Host host(
            AgentProperties properties,
            SandboxRuntime runtime,
            LimitGroups limits,
            ImageCatalogue images,
            Residents residents) {
        try {
            IdRange ids = new IdRange(properties.idBase(), properties.idCount());
            return new AgentReconciler.Host(
                    new SandboxObserver(runtime),
                    new SandboxExecutor(runtime, limits, images),
                    residents,
                    new Surrounding(runtime),
                    new FirewallWatch(runtime),
                    new DriftCheck(limits, properties.limitCheckPeriod().toMillis()),
                    () -> view(runtime.lease()),
                    ids,
                    IdBlocksInUse.of(runtime.list(), PROC));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(AgentProperties.PREFIX + "." + e.getMessage(), e);
        }
    }

    private static LeaseView view(Lease lease) {
        return new LeaseView(lease.holds(), lease.term());
    }

    @Bean(destroyMethod = "")
    AgentReconciler agentReconciler(
            Ledger ledger, AgentReconciler.Host host, StateDirectory state, AgentMeters meters, InstantSource clock) {
        Confirmation confirmation = new Confirmation(state.path().resolve("confirm"));
        return new AgentReconciler(ledger, host, confirmation, meters, clock);
    }

    @Bean
    ControlPlaneClient controlPlaneClient(AgentProperties properties, NodeCredentials credentials) {
        ControlPlanes controlPlanes = new ControlPlanes(properties.controlPlaneUrl(), RandomGenerator.getDefault());
        return new HttpControlPlaneClient(
                controlPlanes, properties.nodeName(), credentials.authority(), credentials.identity());
    }

    @Bean
    Renewal renewal(
            AgentProperties properties,
            NodeCredentials credentials,
            StateDirectory state,
            ControlPlaneClient client,
            SslBundleRegistry bundles,
            AgentMeters meters,
            InstantSource clock) {
        Renewal renewal = new Renewal(
                properties.nodeName(),
                credentials,
                state.path(),
                client,
                next -> MetricsListener.show(bundles, next),
                taken -> meters.renewed(taken),
                clock);
        meters.watchCertificate(() -> renewal.identity().notAfter().toEpochMilli());
        return renewal;
    }

    @Bean
    LogStreams logStreams(ControlPlaneClient client, Residents residents) {
        return new LogStreams(client, residents);
    }

    @Bean
    ExecStreams execStreams(ControlPlaneClient client, Residents residents) {
        return new ExecStreams(client, residents);
    }

    @Bean
    AgentLifecycle.Streams streams(LogStreams logs, ExecStreams execs) {
        return new AgentLifecycle.Streams(logs, execs);
    }

    @Bean(destroyMethod = "")
    ReportLoop reportLoop(
            ControlPlaneClient client,
            AgentReconciler reconciler,
            Inventory inventory,
            AgentMeters meters,
            SandboxRuntime runtime,
            StateDirectory state) {
        meters.watchLease(runtime);
        AgentRun run = AgentRun.begin(state.path().resolve("agent-run"));
        LeaseClock lease = new LeaseClock(() -> runtime.lease().nowNanos(), runtime::extendLease);
        return new ReportLoop(client, run, reconciler::state, inventory::facts, taken -> meters.reported(taken), lease);
    }

    @Bean(destroyMethod = "")
    DesiredLoop desiredLoop(
            ControlPlaneClient client,
            AgentReconciler reconciler,
            AgentLifecycle.Streams streams,
            AgentMeters meters,
            SandboxRuntime runtime) {
        meters.watchStreams(streams::open);
        return new DesiredLoop(
                client,
                reconciler.state().accepted(),
                reconciler::offer,
                () -> runtime.lease().term(),
                streams.dialled());
    }

    @Bean
    AgentLifecycle.Talk talk(ReportLoop reports, DesiredLoop desired, Renewal renewal) {
        return new AgentLifecycle.Talk(reports, desired, renewal);
    }
}
