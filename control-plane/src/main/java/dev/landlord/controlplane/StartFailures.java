package dev.landlord.controlplane;

import dev.landlord.controlplane.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Says in two sentences why the start failed, where Spring would print a page of causes. */
final class StartFailures implements FailureAnalyzer {
    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartRefused refused) {
                return new FailureAnalysis(refused.getMessage(), refused.remedy(), refused);
            }
            if (cause instanceof StoreUnavailableException unavailable) {
                return new FailureAnalysis(
                        unavailable.getMessage(),
                        "If another control plane runs, stop it or name another landlord.state-dir; else look at the file.",
                        unavailable);
            }
        }
        return null;
    }
}
