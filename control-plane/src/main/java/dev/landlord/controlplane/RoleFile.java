package dev.landlord.controlplane;

import dev.landlord.controlplane.replica.Leadership;
import dev.landlord.controlplane.replica.Leadership.Role;
import dev.landlord.controlplane.replica.ReplicaId;
import dev.landlord.controlplane.tls.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Tells in the state folder whether this control plane leads, each time that it changes. */
@Component
final class RoleFile {
    private static final Logger LOG = LoggerFactory.getLogger(RoleFile.class);

    private final Path file;
    private final ReplicaId self;
    private final Leadership leadership;
    private final JsonMapper mapper;

    RoleFile(StateFolder folder, ReplicaId self, Leadership leadership, JsonMapper mapper) throws IOException {
        this.file = folder.path().resolve("role.json");
        this.self = self;
        this.leadership = leadership;
        this.mapper = mapper;
        Files.deleteIfExists(file);
        leadership.onChange(this::write);
    }

    private void write() {
        Role role = leadership.role();
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("replica", self.value());
        words.put("role", role.wire());
        words.put("epoch", role.epoch());
        try {
            PrivateFiles.writePublic(file, mapper.writeValueAsString(words) + "\n");
        } catch (IOException failure) {
            LOG.warn("The role is not told in {}: {}", file, failure.toString());
        }
    }
}
