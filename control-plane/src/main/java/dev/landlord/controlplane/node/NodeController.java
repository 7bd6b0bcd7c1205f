package dev.landlord.controlplane.node;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.audit.Trail;
import dev.landlord.controlplane.credential.Admissions;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.page.PageRequest;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.watch.Watch;
import dev.landlord.controlplane.web.Items;
import dev.landlord.controlplane.web.ProblemException;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The operator's view of the hosts. */
@RestController
@RequestMapping("/api/v1/nodes")
class NodeController {
    private final Database database;
    private final Nodes nodes;
    private final NodeUse use;
    private final Contacts contacts;
    private final JoinTokens joinTokens;
    private final Admissions admissions;
    private final Events events;

    NodeController(
            Database database,
            Nodes nodes,
            NodeUse use,
            Contacts contacts,
            JoinTokens joinTokens,
            Admissions admissions,
            Events events) {
        this.database = database;
        this.nodes = nodes;
        this.use = use;
        this.contacts = contacts;
        this.joinTokens = joinTokens;
        this.admissions = admissions;
        this.events = events;
    }

    record JoinTokenBody(String token) {}

    @GetMapping
    Items<NodeBody> list(PageRequest page) {
        return database.read(reader -> {
            Around around = around(reader);
            return page.of(nodes.all(reader), node -> node.name().value()).map(node -> body(node, around));
        });
    }

    @GetMapping(params = "watch")
    void watch(Watch watch) throws IOException {
        watch.list(
                () -> database.read(reader -> {
                    Around around = around(reader);
                    return nodes.all(reader).stream()
                            .map(node -> body(node, around))
                            .toList();
                }),
                node -> node.name().value());
    }

    @GetMapping("/{node}")
    NodeBody get(@PathVariable("node") NodeName name) {
        return database.read(reader -> body(nodes.require(reader, name), around(reader)));
    }

    @PostMapping("/{node}:join-token")
    JoinTokenBody joinToken(@PathVariable("node") NodeName name, Trail trail) {
        return database.write(writer -> told(writer, name, trail, () -> {
            events.append(writer, EventRecord.ofNode("join-token-issued", name, "a join token was issued for " + name));
            return new JoinTokenBody(joinTokens.issue(writer, name));
        }));
    }

    /** The node is a stranger from its next request on, at every replica. To come back it has to join anew. */
    @PostMapping("/{node}:revoke")
    NodeBody revoke(@PathVariable("node") NodeName name, Trail trail) {
        return change(name, trail, writer -> {
            joinTokens.revoke(writer, name);
            if (admissions.revoke(writer, name)) {
                String what = "the certificates of node " + name + " were revoked; it has to join anew";
                events.append(writer, EventRecord.ofNode("node-revoked", name, what));
            }
        });
    }

    @PostMapping("/{node}:cordon")
    NodeBody cordon(@PathVariable("node") NodeName name, Trail trail) {
        return change(name, trail, setting(name, NodeDuty.CORDONED, "node-cordoned", "takes nothing new"));
    }

    @PostMapping("/{node}:uncordon")
    NodeBody uncordon(@PathVariable("node") NodeName name, Trail trail) {
        return change(name, trail, setting(name, NodeDuty.OPEN, "node-uncordoned", "takes new replicas again"));
    }

    /** Returns at once; the replicas move one after the other. */
    @PostMapping("/{node}:drain")
    NodeBody drain(@PathVariable("node") NodeName name, Trail trail) {
        String what = "takes nothing new, and what it has moves elsewhere";
        return change(name, trail, setting(name, NodeDuty.DRAINING, "node-draining", what));
    }

    private Consumer<JdbcClient> setting(NodeName name, NodeDuty duty, String kind, String what) {
        return writer -> {
            if (nodes.setDuty(writer, name, duty)) {
                events.append(writer, EventRecord.ofNode(kind, name, "node " + name + " " + what));
            }
        };
    }

    private NodeBody change(NodeName name, Trail trail, Consumer<JdbcClient> work) {
        return database.write(writer -> told(writer, name, trail, () -> {
            nodes.require(writer, name);
            work.accept(writer);
            return body(nodes.require(writer, name), around(writer));
        }));
    }

    private <T extends @Nullable Object> T told(JdbcClient writer, NodeName name, Trail trail, Supplier<T> work) {
        Standing was = standing(writer, name);
        T done = work.get();
        trail.change(was, standing(writer, name));
        return done;
    }

    private @Nullable Standing standing(JdbcClient reader, NodeName name) {
        return Standing.of(
                name,
                nodes.find(reader, name).orElse(null),
                admissions.expiries(reader).get(name),
                joinTokens.expiresAt(reader, name).orElse(null));
    }

    /**
     * Forgets a node.
     *
     * @param abandon also what it had, if it is lost: its replicas are placed anew. Whatever still runs on the host runs on
     *     unknown to everybody
     */
    @DeleteMapping("/{node}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @PathVariable("node") NodeName name,
            @RequestParam(name = "abandon", defaultValue = "false") boolean abandon,
            Trail trail) {
        database.write(writer -> told(writer, name, trail, () -> {
            boolean lost = nodes.require(writer, name).state() == NodeState.LOST;
            if (lost && abandon) {
                use.abandon(writer, name);
            }
            int allocations = use.allocations(writer, name);
            if (allocations > 0) {
                throw new ProblemException(
                        ProblemCode.IN_USE,
                        "node " + name + " still has " + allocations + " allocations; "
                                + (lost ? "?abandon=true gives them up" : "drain it first"));
            }
            nodes.delete(writer, name);
            admissions.revoke(writer, name);
            joinTokens.revoke(writer, name);
            events.append(writer, EventRecord.ofNode("node-deleted", name, "node " + name + " was deleted"));
            return true;
        }));
        contacts.forget(name);
    }

    /** What is known of nodes beside their own rows. */
    private record Around(Map<NodeName, NodeUse.Taken> taken, Map<NodeName, Long> expiries) {}

    private Around around(JdbcClient reader) {
        return new Around(use.taken(reader), admissions.expiries(reader));
    }

    private NodeBody body(NodeRecord node, Around around) {
        return NodeBody.of(
                node,
                around.taken.getOrDefault(node.name(), NodeUse.Taken.NOTHING),
                around.expiries.get(node.name()),
                contacts.lastSeenAt(node),
                contacts.said(node.name()));
    }

    /**
     * What an operator decides of a node, for the audit log. Holds no secret.
     *
     * @param state and {@code duty}: null before it has joined
     * @param certificateExpiresAt epoch milliseconds; null if it has to join anew
     * @param joinTokenExpiresAt of a token that was not used yet, epoch milliseconds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Standing(
            NodeName name,
            @Nullable String state,
            @Nullable NodeDuty duty,
            @Nullable Boolean lossConfirmed,
            @Nullable Long certificateExpiresAt,
            @Nullable Long joinTokenExpiresAt) {
        /** Null if there is nothing of that name. */
        static @Nullable Standing of(
                NodeName name,
                @Nullable NodeRecord node,
                @Nullable Long certificateExpiresAt,
                @Nullable Long joinTokenExpiresAt) {
            if (node == null) {
                return joinTokenExpiresAt == null
                        ? null
                        : new Standing(name, null, null, null, null, joinTokenExpiresAt);
            }
            return new Standing(
                    name,
                    node.state().wire(),
                    node.duty(),
                    node.lossConfirmed(),
                    certificateExpiresAt,
                    joinTokenExpiresAt);
        }
    }
}
