package dev.landlord.controlplane.certificate;

import dev.landlord.controlplane.tls.Listeners;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Sees to it that the listeners show a certificate that has not ended, however long the process runs. */
@Component
final class ServerRenewal implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRenewal.class);
    /** A clock that is set, or a host that sleeps, is noticed within this; a failure is tried again after it. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final Listeners listeners;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("server-certificate").unstarted(this::run);
    private volatile boolean running;

    ServerRenewal(Listeners listeners) {
        this.listeners = listeners;
    }

    @Override
    public void start() {
        running = true;
        thread.start();
    }

    private void run() {
        try {
            boolean over = false;
            while (!over) {
                over = ended.await(Math.max(1, look().toMillis()), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration look() {
        try {
            long before = listeners.expiresAt();
            Duration due = listeners.renew();
            if (listeners.expiresAt() != before) {
                LOG.info("The listeners show a new certificate");
            }
            return due.compareTo(LOOK) < 0 ? due : LOOK;
        } catch (RuntimeException failure) {
            LOG.warn("The certificate of the listeners is not renewed", failure);
            return LOOK;
        }
    }

    @Override
    public void stop() {
        running = false;
        ended.countDown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
