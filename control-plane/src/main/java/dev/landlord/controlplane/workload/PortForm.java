package dev.landlord.controlplane.workload;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.workload.InvalidField;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.api.workload.Protocol;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.Wire;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A published port as people write it. Only the port must be said. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PortForm(
        @Nullable String name,
        @Nullable Integer port,
        @Nullable String protocol,
        @Nullable Integer hostPort) {
    static PortForm of(PortSpec spec) {
        return new PortForm(spec.name(), spec.port(), Wire.of(spec.protocol()), spec.hostPort());
    }

    /** Reads all; throws invalid-field with a pointer to the port at fault. */
    static List<PortSpec> read(List<PortForm> forms) {
        if (forms.size() > NetworkSpec.MAX_PORTS) {
            throw ProblemException.invalidField(
                    "/ports", "may have at most " + NetworkSpec.MAX_PORTS + " entries, had " + forms.size());
        }
        List<PortSpec> ports = new ArrayList<>();
        for (PortForm form : forms) {
            PortSpec port = form.spec("/ports/" + ports.size());
            ports.forEach(other -> requireDistinct(port, other, "/ports/" + ports.size()));
            ports.add(port);
        }
        return ports;
    }

    private PortSpec spec(String pointer) {
        if (port == null) {
            throw ProblemException.invalidField(pointer + "/port", "is required");
        }
        Protocol parsed = protocol == null
                ? Protocol.TCP
                : Wire.parse(Protocol.class, protocol)
                        .orElseThrow(() -> ProblemException.invalidField(
                                pointer + "/protocol", "must be one of " + Wire.all(Protocol.class)));
        String named = name == null ? Wire.of(parsed) + "-" + port : name;
        try {
            return new PortSpec(named, port, parsed, hostPort);
        } catch (InvalidField invalid) {
            String field = invalid.field().substring(invalid.field().lastIndexOf('.') + 1);
            throw ProblemException.invalidField(pointer + "/" + field, invalid.rule());
        }
    }

    private static void requireDistinct(PortSpec port, PortSpec other, String pointer) {
        if (port.name().equals(other.name())) {
            throw ProblemException.invalidField(pointer + "/name", "must be unique, was twice " + port.name());
        }
        if (port.protocol() != other.protocol()) {
            return;
        }
        if (port.port() == other.port()) {
            throw ProblemException.invalidField(
                    pointer + "/port", "must be unique for a protocol, was twice " + port.port());
        }
        if (port.hostPort() != null && port.hostPort().equals(other.hostPort())) {
            throw ProblemException.invalidField(
                    pointer + "/hostPort", "must be unique for a protocol, was twice " + port.hostPort());
        }
    }
}
