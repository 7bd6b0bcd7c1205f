package dev.landlord.controlplane.web;

import dev.landlord.controlplane.credential.IdentityToken;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who the caller is, and what it talks to. */
@RestController
class AboutController {
    record Whoami(String kind, @Nullable String name) {}

    record Version(String version) {}

    @GetMapping("/api/v1/whoami")
    Whoami whoami(IdentityToken caller) {
        String name = caller.identity().subject();
        return new Whoami(caller.identity().kind(), name.isEmpty() ? null : name);
    }

    @GetMapping("/api/v1/version")
    Version version() {
        // From the jar's manifest; classes outside of a jar have none.
        String built = AboutController.class.getPackage().getImplementationVersion();
        return new Version(Optional.ofNullable(built).orElse("development"));
    }
}
