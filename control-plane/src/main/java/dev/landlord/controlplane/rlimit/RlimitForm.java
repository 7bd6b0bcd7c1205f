package dev.landlord.controlplane.rlimit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.rlimit.Rlimit;
import dev.landlord.api.workload.InvalidField;
import dev.landlord.controlplane.web.Wire;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A limit of getrlimit(2) as people write it. Each of the two is what every program has where it is not said. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RlimitForm(@Nullable Long soft, @Nullable Long hard) {
    public static @Nullable Map<String, RlimitForm> of(Map<Rlimit.Resource, Rlimit> limits) {
        Map<String, RlimitForm> forms = new TreeMap<>();
        limits.forEach((resource, limit) -> forms.put(resource.wire(), new RlimitForm(limit.soft(), limit.hard())));
        return forms.isEmpty() ? null : forms;
    }

    public static Map<Rlimit.Resource, Rlimit> read(Map<String, RlimitForm> forms) {
        Map<Rlimit.Resource, Rlimit> limits = new EnumMap<>(Rlimit.Resource.class);
        forms.forEach((name, form) -> {
            Rlimit.Resource resource = Wire.parse(Rlimit.Resource.class, name)
                    .orElseThrow(() -> new InvalidField(
                            List.of("rlimits", name), "is not one of " + Wire.all(Rlimit.Resource.class)));
            limits.put(resource, form.limit(resource));
        });
        return limits;
    }

    private Rlimit limit(Rlimit.Resource resource) {
        if (soft == null && hard == null) {
            throw new InvalidField(List.of("rlimits", resource.wire()), "needs soft, hard or both");
        }
        Long most = hard == null ? resource.most() : hard;
        return new Rlimit(soft == null ? lower(resource.usual(), most) : soft, most);
    }

    private static @Nullable Long lower(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.min(one, other);
    }
}
