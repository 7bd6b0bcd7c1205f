package dev.landlord.agent;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;

/** The agent cannot start as it was configured; the message begins with the property or the object at fault. */
final class ConfigurationException extends RuntimeException {
    ConfigurationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** From what binding threw: the most telling of its causes. */
    static ConfigurationException of(RuntimeException failure) {
        String property = AgentProperties.PREFIX;
        Throwable last = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationException known) {
                return known;
            }
            if (cause instanceof UnboundConfigurationPropertiesException unbound) {
                String names = unbound.getUnboundProperties().stream()
                        .map(unknown -> unknown.getName().toString())
                        .sorted()
                        .collect(Collectors.joining(", "));
                return new ConfigurationException(names + ": unknown property", failure);
            }
            if (cause instanceof BindException bind) {
                property = bind.getName().toString();
            }
            last = cause;
        }
        return new ConfigurationException(property + ": " + last.getMessage(), failure);
    }
}
