package dev.landlord.agent;

import dev.landlord.agent.join.JoinException;
import dev.landlord.agent.ledger.LedgerException;
import dev.landlord.runtime.SandboxException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Import;

/** Starts the agent of one host; wiring only. Exits with 1 and one line when it cannot start. */
@SpringBootConfiguration(proxyBeanMethods = false)
@Import({WebParts.class, AgentConfiguration.class, MetricsListener.class, AgentLifecycle.class, TeardownOnExit.class})
public class NodeAgentApplication {
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(NodeAgentApplication.class);
        application.addInitializers(new AgentBootstrap());
        try {
            application.run(args);
        } catch (RuntimeException e) {
            System.err.println("landlord-agent: " + reason(e));
            System.exit(1);
        }
    }

    /** The failure that says most: one of ours if there is one, else the last cause. */
    private static String reason(Throwable failure) {
        Throwable last = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean ours = cause instanceof ConfigurationException
                    || cause instanceof JoinException
                    || cause instanceof LedgerException
                    || cause instanceof SandboxException;
            if (ours) {
                return String.valueOf(cause.getMessage());
            }
            last = cause;
        }
        return last.toString();
    }
}
