package dev.landlord.controlplane.replica;

import dev.landlord.controlplane.network.ClusterAddresses;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreUnavailableException;
import dev.landlord.controlplane.tls.Listener;
import dev.landlord.controlplane.tls.Listeners;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of replicas. One that is gone stays in it for an hour, so that a restart changes nothing for any node. */
@Component
public final class Replicas implements Beat, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);
    private static final long KEPT_MILLIS = TimeUnit.HOURS.toMillis(1);
    private static final long PRESENT_MILLIS = TimeUnit.MINUTES.toMillis(5);

    private final Database database;
    private final ReplicaId self;
    private final Listeners listeners;
    private final String addresses;
    private volatile boolean ready;

    /** Where a replica's listeners are. */
    public record Replica(String id, String name, int nodePort, int managementPort) {}

    Replicas(Database database, ReplicaId self, Listeners listeners, ClusterAddresses addresses) {
        this.database = database;
        this.self = self;
        this.listeners = listeners;
        this.addresses =
                String.join(",", addresses.controlPlane().stream().sorted().toList());
        // Before anything is decided: what nodes are told of the control plane's addresses must not lack these.
        database.write(writer -> store(writer, self.value(), database.now(writer)));
    }

    /** The ports are known. */
    @EventListener(ApplicationReadyEvent.class)
    void ready() {
        ready = true;
        database.writeQuietly(writer -> store(writer, self.value(), database.now(writer)));
    }

    @Override
    public Runnable store(JdbcClient writer, String replica, long now) {
        writer.sql("INSERT INTO replica (id, name, node_port, management_port, addresses, seen_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET node_port = excluded.node_port,"
                        + " management_port = excluded.management_port, seen_at = excluded.seen_at")
                .params(
                        replica,
                        listeners.name(),
                        ready ? listeners.port(Listener.NODE) : 0,
                        ready ? listeners.port(Listener.MANAGEMENT) : 0,
                        addresses,
                        now)
                .update();
        writer.sql("DELETE FROM replica WHERE seen_at < ?")
                .param(now - KEPT_MILLIS)
                .update();
        return () -> {};
    }

    /** Nobody is to look for the listeners of one that has ended in order; its addresses stay. */
    @Override
    public void destroy() {
        try {
            database.writeQuietly(
                    writer -> writer.sql("UPDATE replica SET node_port = 0, management_port = 0 WHERE id = ?")
                            .param(self.value())
                            .update());
        } catch (StoreUnavailableException failure) {
            LOG.info("The replica is not taken off the list: {}", failure.getMessage());
        }
    }

    /** Those that have listeners and gave a sign of life within the last minutes, by name and id. */
    public List<Replica> present(JdbcClient reader) {
        return reader.sql("SELECT id, name, node_port, management_port FROM replica"
                        + " WHERE management_port > 0 AND seen_at > ? ORDER BY name, id")
                .param(database.now(reader) - PRESENT_MILLIS)
                .query((row, number) -> new Replica(row.getString(1), row.getString(2), row.getInt(3), row.getInt(4)))
                .list();
    }

    /** The IPv4 addresses of all replicas, that sandboxes must not reach. */
    public Set<String> addresses(JdbcClient reader) {
        return reader.sql("SELECT addresses FROM replica").query(String.class).list().stream()
                .flatMap(list -> Stream.of(list.split(",", -1)))
                .filter(address -> !address.isEmpty())
                .collect(Collectors.toSet());
    }
}
