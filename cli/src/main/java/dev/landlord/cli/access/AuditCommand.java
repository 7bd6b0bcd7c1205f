package dev.landlord.cli.access;

import dev.landlord.api.id.TenantName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.render.View;
import dev.landlord.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who changed what, and who was refused. */
@Command(name = "audit", description = "Print who changed what, and who was refused.")
public final class AuditCommand implements Callable<Integer> {
    private static final int PAGE = 1000;

    private final Session session;

    @Option(names = "--after", paramLabel = "ID", description = "only after this entry")
    private @Nullable Long after;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many")
    private @Nullable Integer limit;

    @Option(names = "--export", description = "all, one JSON object a line, from the oldest or from --after on")
    private boolean export;

    public AuditCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        TenantName tenant = session.tenantOrNull();
        if (export) {
            export(tenant);
        } else {
            session.printer().list(View.AUDIT, entries(text(tenant, after, limit)));
        }
        return 0;
    }

    private void export(@Nullable TenantName tenant) {
        long next = after == null ? 0 : after;
        String page = text(tenant, next, PAGE);
        while (!page.isBlank()) {
            session.terminal().out().print(page);
            next = Fields.number(entries(page).getLast(), "id");
            page = text(tenant, next, PAGE);
        }
    }

    private String text(@Nullable TenantName tenant, @Nullable Long from, @Nullable Integer most) {
        ApiPath path = ApiPath.of("audit");
        if (tenant != null) {
            path = path.query("tenant", tenant);
        }
        if (from != null) {
            path = path.query("after", from);
        }
        if (most != null) {
            path = path.query("limit", most);
        }
        return session.client().text(path);
    }

    private static List<JsonNode> entries(String lines) {
        return lines.lines().map(JsonMapper.shared()::readTree).toList();
    }
}
