package dev.landlord.controlplane.store;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of the commits of other replicas: by notification at once, and by a look at the revision each second, because a
 * notification is lost while the connection is.
 */
final class CommitFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitFeed.class);
    private static final int POLL_MILLIS = 1000;

    private final Commits commits;
    private final Session session;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean failing;

    CommitFeed(Session.Opening listener, Commits commits) {
        this.commits = commits;
        this.session = new Session(listener);
        this.thread = Thread.ofPlatform().daemon().name("store-feed").unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    private void loop() {
        while (closed.getCount() > 0) {
            try {
                commits.others(session.number(Meta.REVISION));
                listen();
                failing = false;
            } catch (SQLException | RuntimeException | Error failure) {
                recover(failure);
            }
        }
        session.close();
    }

    private void listen() throws SQLException {
        PGNotification[] heard = session.connection().unwrap(PGConnection.class).getNotifications(POLL_MILLIS);
        if (heard != null) {
            for (PGNotification notification : heard) {
                commits.others(Long.parseLong(notification.getParameter()));
            }
        }
    }

    private void recover(Throwable failure) {
        if (!failing) {
            LOG.warn("Nothing is heard of other replicas: {}", failure.toString());
            failing = true;
        }
        session.close();
        try {
            boolean over = closed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
            LOG.debug("Listening {}", over ? "no more" : "again");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
