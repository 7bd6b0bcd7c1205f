package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.StrictJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A tenant as people write it. */
record TenantForm(@Nullable String plan, @Nullable List<String> avoids) {
    private static final int AVOIDS_MAX = 100;

    /**
     * What was written, checked as far as it can be without looking anything up.
     *
     * @param avoids tenants that it never shares a node with; each once
     */
    record Wish(PlanName plan, List<TenantName> avoids) {
        Wish {
            avoids = List.copyOf(avoids);
        }
    }

    static Wish read(byte @Nullable [] body) {
        TenantForm form = StrictJson.read(body, TenantForm.class, Set.of());
        if (form.plan == null) {
            throw ProblemException.invalidField("/plan", "is required");
        }
        return new Wish(name("/plan", form.plan, PlanName::new), form.avoided());
    }

    private List<TenantName> avoided() {
        List<String> names = avoids == null ? List.of() : avoids;
        if (names.size() > AVOIDS_MAX) {
            throw ProblemException.invalidField(
                    "/avoids", "may have at most " + AVOIDS_MAX + " entries, had " + names.size());
        }
        List<TenantName> avoided = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String text : names) {
            String pointer = "/avoids/" + avoided.size();
            avoided.add(name(pointer, text, TenantName::new));
            if (!seen.add(text)) {
                throw ProblemException.invalidField(pointer, "is named twice: " + text);
            }
        }
        return avoided;
    }

    private static <T> T name(String pointer, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException badName) {
            throw ProblemException.invalidField(pointer, String.valueOf(badName.getMessage()));
        }
    }
}
