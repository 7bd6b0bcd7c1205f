package dev.landlord.controlplane;

import dev.landlord.controlplane.tls.Listener;
import dev.landlord.controlplane.tls.Listeners;
import dev.landlord.controlplane.tls.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Tells where the listeners are once they serve; a file of an earlier run is gone before. */
@Component
class ReadyFile {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyFile.class);

    private final Path file;
    private final Listeners listeners;
    private final JsonMapper mapper;

    ReadyFile(StateFolder folder, Listeners listeners, JsonMapper mapper) throws IOException {
        this.file = folder.path().resolve("listeners.json");
        this.listeners = listeners;
        this.mapper = mapper;
        Files.deleteIfExists(file);
    }

    @EventListener(ApplicationReadyEvent.class)
    void write() throws IOException {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("public", listeners.port(Listener.PUBLIC));
        ports.put("node", listeners.port(Listener.NODE));
        ports.put("management", listeners.port(Listener.MANAGEMENT));
        PrivateFiles.writePublic(file, mapper.writeValueAsString(ports) + "\n");
        LOG.info("Ready; listeners {}", ports);
    }
}
