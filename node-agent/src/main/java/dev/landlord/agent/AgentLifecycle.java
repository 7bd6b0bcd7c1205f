package dev.landlord.agent;

import dev.landlord.agent.image.ImageCatalogue;
import dev.landlord.agent.image.ImageOutcome;
import dev.landlord.agent.inventory.Inventory;
import dev.landlord.agent.join.Renewal;
import dev.landlord.agent.reconcile.AgentReconciler;
import dev.landlord.agent.stream.ExecStreams;
import dev.landlord.agent.stream.LogStreams;
import dev.landlord.agent.sync.DesiredLoop;
import dev.landlord.agent.sync.ReportLoop;
import dev.landlord.runtime.SandboxRuntime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/** Starts the loops once the listener is open, and ends them in the opposite order. Sandboxes run on. */
final class AgentLifecycle implements SmartLifecycle, ApplicationListener<WebServerInitializedEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLifecycle.class);

    private final AgentProperties properties;
    private final StateDirectory state;
    private final SandboxRuntime runtime;
    private final ImageCatalogue images;
    private final Inventory inventory;
    private final AgentReconciler reconciler;
    private final ReportLoop reports;
    private final DesiredLoop desired;
    private final Renewal renewal;
    private volatile boolean running;
    private volatile int metricsPort;

    /** The parts that talk to the control plane. */
    record Talk(ReportLoop reports, DesiredLoop desired, Renewal renewal) {}

    AgentLifecycle(
            AgentProperties properties,
            StateDirectory state,
            SandboxRuntime runtime,
            ImageCatalogue images,
            Inventory inventory,
            AgentReconciler reconciler,
            Talk talk) {
        this.properties = properties;
        this.state = state;
        this.runtime = runtime;
        this.images = images;
        this.inventory = inventory;
        this.reconciler = reconciler;
        this.reports = talk.reports();
        this.desired = talk.desired();
        this.renewal = talk.renewal();
    }

    /** What is dialled back. */
    record Streams(LogStreams logs, ExecStreams execs) {
        DesiredLoop.Streams dialled() {
            return new DesiredLoop.Streams(logs::open, execs::open);
        }

        int open() {
            return logs.openStreams() + execs.openStreams();
        }
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        metricsPort = event.getWebServer().getPort();
        inventory.listensAt(AdvertisedHost.of(properties) + ":" + metricsPort);
    }

    @Override
    public void start() {
        running = true;
        runtime.onExit(status -> reconciler.nudge());
        reconciler.onChange(reports::changed);
        reconciler.start();
        // May take minutes; what runs already needs no images, and what does not waits with a reason.
        Thread.ofPlatform().daemon().name("images").start(this::buildImages);
        reports.start();
        desired.start();
        renewal.start();
        state.announce(metricsPort);
        LOG.info(
                "node {} follows {}, metrics on port {}", properties.node(), properties.controlPlaneUrl(), metricsPort);
    }

    private void buildImages() {
        try {
            Map<String, String> refused = new HashMap<>();
            for (ImageOutcome outcome : images.build(properties.images())) {
                if (outcome instanceof ImageOutcome.Refused refusal) {
                    refused.put(refusal.name(), refusal.reason());
                }
            }
            if (runtime.list().isEmpty()) {
                images.collect(Set.of());
            }
            inventory.imagesBuilt(new Inventory.Images(images.digests(), refused));
            reports.changed();
            reconciler.nudge();
        } catch (RuntimeException | Error e) {
            LOG.error("images are not built: {}", e.toString(), e);
        }
    }

    @Override
    public void stop() {
        renewal.close();
        desired.close();
        reports.close();
        reconciler.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
