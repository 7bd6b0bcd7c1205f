package dev.landlord.runtime.plan;

import java.util.List;

/** The steps of one launch, in order. */
public record LaunchPlan(List<LaunchStep> steps) {
    public LaunchPlan {
        steps = List.copyOf(steps);
    }
}
