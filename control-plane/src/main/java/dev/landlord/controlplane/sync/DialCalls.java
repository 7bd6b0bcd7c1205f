package dev.landlord.controlplane.sync;

import dev.landlord.api.id.Id;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.sync.ExecRequest;
import dev.landlord.api.sync.StreamRequest;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreUnavailableException;
import dev.landlord.controlplane.tls.Listener;
import dev.landlord.controlplane.tls.Listeners;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Asks agents to dial back, also those that are connected to another replica: the call goes through the store to all, and the
 * one at which the agent waits passes it on. It names the address to be dialled, because only this replica has the client.
 */
@Component
public final class DialCalls {
    private static final Logger LOG = LoggerFactory.getLogger(DialCalls.class);
    private static final long KEPT_MILLIS = Mailbox.OFFER_MILLIS;
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance))
            .build();

    private final Database database;
    private final Mailboxes mailboxes;
    private final Listeners listeners;
    private final AtomicBoolean reading = new AtomicBoolean();

    DialCalls(Database database, Mailboxes mailboxes, Listeners listeners) {
        this.database = database;
        this.mailboxes = mailboxes;
        this.listeners = listeners;
        database.onCommitOfOthers(revision -> wake());
    }

    /** Where agents reach this replica, and no other; null where there is no other. */
    public @Nullable String address() {
        return database.isShared() ? listeners.name() + ":" + listeners.port(Listener.NODE) : null;
    }

    /** Asks a node that is known to exist. False when too much waits for it already. */
    boolean ask(NodeName node, StreamRequest request) {
        boolean fits = mailboxes.of(node).offer(request);
        return fits && passOn(node, request.id(), "LOG", request);
    }

    /** Likewise, for a program. */
    public boolean ask(NodeName node, ExecRequest request) {
        boolean fits = mailboxes.of(node).offer(request);
        return fits && passOn(node, request.id(), "EXEC", request);
    }

    /** Nobody needs the stream any more; nothing happens if the node knows of it already. */
    void withdraw(NodeName node, StreamRequest request) {
        mailboxes.of(node).withdraw(request);
    }

    /** Likewise, for a program. */
    public void withdraw(NodeName node, ExecRequest request) {
        mailboxes.of(node).withdraw(request);
    }

    private boolean passOn(NodeName node, String id, String kind, Object request) {
        if (database.isShared() && !mailboxes.of(node).isWaitedAt()) {
            String json = JSON.writeValueAsString(request);
            database.write(writer -> {
                long now = database.now(writer);
                writer.sql("DELETE FROM dial_call WHERE at < ?")
                        .param(now - KEPT_MILLIS)
                        .update();
                return writer.sql("INSERT INTO dial_call (id, node, kind, request, at) VALUES (?, ?, ?, ?, ?)")
                        .params(id, node.value(), kind, json, now)
                        .update();
            });
        }
        return true;
    }

    /** Many commits that come at once are looked at once. */
    private void wake() {
        if (reading.compareAndSet(false, true)) {
            Thread.startVirtualThread(this::look);
        }
    }

    private void look() {
        reading.set(false);
        try {
            database.read(this::calls).forEach(this::offer);
        } catch (StoreUnavailableException | JacksonException failure) {
            LOG.debug("Calls of other replicas are not read: {}", failure.getMessage());
        }
    }

    private record Call(NodeName node, String kind, String request) {}

    private List<Call> calls(JdbcClient client) {
        return client.sql("SELECT node, kind, request FROM dial_call WHERE at >= ? ORDER BY at, id")
                .param(database.now(client) - KEPT_MILLIS)
                .query((row, number) -> new Call(new NodeName(row.getString(1)), row.getString(2), row.getString(3)))
                .list();
    }

    /** What is offered a second time is dialled in vain: a stream is good for one call. */
    private void offer(Call call) {
        Mailbox box = mailboxes.of(call.node);
        if (box.isWaitedAt()) {
            boolean taken = call.kind.equals("LOG")
                    ? box.offer(JSON.readValue(call.request, StreamRequest.class))
                    : box.offer(JSON.readValue(call.request, ExecRequest.class));
            LOG.debug("A call of another replica for node {} was passed on: {}", call.node, taken);
        }
    }
}
