package dev.landlord.controlplane.label;

import java.util.List;
import java.util.Map;

/** Conditions that all must hold. Controllers may take it as a parameter: it is what {@code ?selector=} says. Pure. */
public record Selector(List<Requirement> requirements) {
    static final Selector ALL = new Selector(List.of());

    public Selector {
        requirements = List.copyOf(requirements);
    }

    /** Whether it selects whatever there is. */
    public boolean isAll() {
        return requirements.isEmpty();
    }

    public boolean selects(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.holds(labels));
    }
}
