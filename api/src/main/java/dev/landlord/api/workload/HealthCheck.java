package dev.landlord.api.workload;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a node finds out whether a running replica does its work. A replica with a check is not counted as healthy, and its
 * predecessor is not stopped, before the check has passed.
 *
 * @param port of the replica, 1 to 65,535
 * @param path of an HTTP check, a path of a URL, perhaps with a query; null for TCP
 * @param intervalMillis between two checks, 100 to 3,600,000
 * @param timeoutMillis of one check, 10 to intervalMillis
 * @param healthyAfter so many passes in a row, 1 to 100
 * @param unhealthyAfter so many failures in a row, 1 to 100
 */
public record HealthCheck(
        Kind kind,
        int port,
        @Nullable String path,
        long intervalMillis,
        long timeoutMillis,
        int healthyAfter,
        int unhealthyAfter) {
    public enum Kind {
        /** The port accepts a connection. */
        TCP,
        /** GET answers with a status from 200 to 399. */
        HTTP
    }

    /** RFC 3986, with a query and without a fragment, which is never sent. */
    private static final Pattern PATH = Pattern.compile("/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*");

    public HealthCheck {
        Check.range("health.port", port, 1, 65_535);
        Check.range("health.intervalMillis", intervalMillis, 100, 3_600_000);
        Check.range("health.timeoutMillis", timeoutMillis, 10, intervalMillis);
        Check.range("health.healthyAfter", healthyAfter, 1, 100);
        Check.range("health.unhealthyAfter", unhealthyAfter, 1, 100);
        if ((kind == Kind.HTTP) != (path != null)) {
            throw new InvalidField("health.path", "must be there for http and absent for tcp");
        }
        if (path != null) {
            requirePath(path);
        }
    }

    private static void requirePath(String path) {
        Check.kernelString("health.path", path, 1024);
        if (!PATH.matcher(path).matches()) {
            throw new InvalidField(
                    "health.path", "must start with / and be a path of a URL, its other characters percent-encoded");
        }
    }
}
