package dev.landlord.controlplane.credential;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;

/** Who is calling. */
public sealed interface Identity {
    /** May do everything. */
    record Operator() implements Identity {
        @Override
        public String kind() {
            return "operator";
        }

        @Override
        public String subject() {
            return "";
        }
    }

    /** Reaches only what is its own. */
    record Tenant(TenantName name) implements Identity {
        @Override
        public String kind() {
            return "tenant";
        }

        @Override
        public String subject() {
            return name.value();
        }
    }

    /** An agent, known by its certificate; reaches only the node API, and there only itself. */
    record Node(NodeName name) implements Identity {
        @Override
        public String kind() {
            return "node";
        }

        @Override
        public String subject() {
            return name.value();
        }
    }

    /** Prometheus; reads metrics and targets. */
    record Scraper() implements Identity {
        @Override
        public String kind() {
            return "scraper";
        }

        @Override
        public String subject() {
            return "";
        }
    }

    /** A step that prepares hosts without an operator; may only ask for join tokens. */
    record Joiner() implements Identity {
        @Override
        public String kind() {
            return "joiner";
        }

        @Override
        public String subject() {
            return "";
        }
    }

    /** {@code operator}, {@code tenant}, {@code node}, {@code scraper} or {@code joiner}. */
    String kind();

    /** The name of the tenant or node; empty for the others. */
    String subject();

    /** The inverse of {@link #kind()} and {@link #subject()}. */
    static Identity of(String kind, String subject) {
        return switch (kind) {
            case "operator" -> new Operator();
            case "tenant" -> new Tenant(new TenantName(subject));
            case "node" -> new Node(new NodeName(subject));
            case "scraper" -> new Scraper();
            case "joiner" -> new Joiner();
            default -> throw new IllegalArgumentException("unknown kind of identity: " + kind);
        };
    }
}
