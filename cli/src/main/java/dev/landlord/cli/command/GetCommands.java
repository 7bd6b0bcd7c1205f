package dev.landlord.cli.command;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Id;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.render.View;
import dev.landlord.cli.session.Lookup;
import dev.landlord.cli.session.Session;
import dev.landlord.cli.watch.Watching;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What there is. */
@Command(name = "get", description = "Print what there is.", synopsisSubcommandLabel = "KIND")
final class GetCommands {
    private final Session session;

    GetCommands(Session session) {
        this.session = session;
    }

    /** Which of a list. */
    static final class Choice {
        @Option(
                names = {"-l", "--selector"},
                paramLabel = "SELECTOR",
                description = "only those with such labels, as app=shop,tier!=db")
        private @Nullable String selector;

        /** Returns the selector; whoever names one thing has chosen. */
        private @Nullable String of(@Nullable Id name) {
            if (name != null && selector != null) {
                throw CommandFailure.usage("give a name or --selector, not both");
            }
            return selector;
        }
    }

    /** For as long as nobody interrupts. */
    static final class Following {
        @Option(
                names = {"-w", "--watch"},
                description = "go on with what changes")
        private boolean watch;

        private void requireAll(@Nullable Id name) {
            if (name != null) {
                throw CommandFailure.usage("--watch is for the list; give no name");
            }
        }
    }

    @Command(
            name = "workloads",
            aliases = {"workload", "w"},
            description = "Print workloads; an operator who names no tenant sees all.")
    int workloads(
            @Parameters(paramLabel = "NAME", arity = "0..1") @Nullable WorkloadName name,
            @Mixin Choice choice,
            @Mixin Following following) {
        if (following.watch) {
            ApiPath list = Session.tenantPath(session.tenant()).child("workloads");
            ApiPath path = name == null ? list : list.child(name);
            return new Watching(session, View.WORKLOADS, item -> item)
                    .list(Session.selected(path, choice.of(name)), "name");
        }
        if (name == null) {
            session.printer().list(View.WORKLOADS, session.tenantItems("workloads", choice.selector));
            return 0;
        }
        choice.of(name);
        TenantName tenant = session.tenant();
        ApiPath path = Session.tenantPath(tenant).child("workloads").child(name);
        session.printer()
                .one(View.WORKLOADS, Session.withTenant(session.client().get(path), tenant));
        return 0;
    }

    @Command(
            name = "allocations",
            aliases = {"allocation", "a"},
            description = "Print allocations; an operator who names no tenant sees all.")
    int allocations(
            @Parameters(paramLabel = "ID", arity = "0..1") @Nullable AllocationId id,
            @Mixin Choice choice,
            @Mixin Following following) {
        if (following.watch) {
            following.requireAll(id);
            TenantName tenant = session.tenant();
            ApiPath list = Session.tenantPath(tenant).child("allocations");
            return new Watching(session, View.ALLOCATIONS, item -> Session.withTenant(item, tenant))
                    .list(Session.selected(list, choice.selector), "id");
        }
        if (id == null) {
            session.printer().list(View.ALLOCATIONS, session.tenantItems("allocations", choice.selector));
        } else {
            choice.of(id);
            session.printer().one(View.ALLOCATIONS, new Lookup(session).allocation(id));
        }
        return 0;
    }

    @Command(
            name = "nodes",
            aliases = {"node", "n"},
            description = "Print nodes.")
    int nodes(@Parameters(paramLabel = "NAME", arity = "0..1") @Nullable NodeName name, @Mixin Following following) {
        ApiPath nodes = ApiPath.of("nodes");
        if (following.watch) {
            following.requireAll(name);
            return new Watching(session, View.NODES, item -> item).list(nodes, "name");
        }
        if (name == null) {
            session.printer().list(View.NODES, session.items(nodes));
        } else {
            session.printer().one(View.NODES, session.client().get(nodes.child(name)));
        }
        return 0;
    }

    @Command(
            name = "plans",
            aliases = {"plan", "p"},
            description = "Print plans.")
    int plans(@Parameters(paramLabel = "NAME", arity = "0..1") @Nullable PlanName name) {
        PlanCommands plans = new PlanCommands(session);
        return name == null ? plans.list() : plans.get(name);
    }

    @Command(
            name = "tenants",
            aliases = {"tenant", "t"},
            description = "Print tenants.")
    int tenants(@Parameters(paramLabel = "NAME", arity = "0..1") @Nullable TenantName name) {
        TenantCommands tenants = new TenantCommands(session);
        return name == null ? tenants.list() : tenants.get(name);
    }

    @Command(
            name = "events",
            aliases = {"event", "e"},
            description = "Print what happened, oldest first; an operator who names no tenant sees all.")
    int events(
            @Option(names = "--workload", paramLabel = "NAME", description = "only of this workload") @Nullable
                    WorkloadName workload,
            @Option(names = "--after", paramLabel = "ID", description = "only after this event") @Nullable Long after,
            @Option(names = "--limit", paramLabel = "N", description = "at most so many") @Nullable Integer limit,
            @Mixin Following following) {
        TenantName tenant = session.tenantOrNull();
        if (following.watch) {
            return new Watching(session, View.EVENTS, item -> item)
                    .history(Lookup.eventsPath(tenant, workload, after, limit));
        }
        session.printer().list(View.EVENTS, new Lookup(session).events(tenant, workload, after, limit));
        return 0;
    }
}
