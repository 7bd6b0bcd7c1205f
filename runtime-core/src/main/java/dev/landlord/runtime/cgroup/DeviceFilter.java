package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.limit.DeviceProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Version 2's list of devices: one program at our root, which decides for every group below and goes with the root. Where the
 * kernel takes none, sandboxes have only their own bounds, and the host says that it has no list.
 */
final class DeviceFilter {
    private final CgroupFs fs;
    private final int program;
    private final Optional<String> missing;

    private DeviceFilter(CgroupFs fs, int program, Optional<String> missing) {
        this.fs = fs;
        this.program = program;
        this.missing = missing;
    }

    static DeviceFilter at(CgroupFs fs, Path root) {
        try {
            return new DeviceFilter(fs, fs.filterDevices(root, DeviceProgram.bytes()), Optional.empty());
        } catch (IOException e) {
            return new DeviceFilter(fs, 0, Optional.of("the kernel takes no list of devices: " + Faults.reason(e)));
        }
    }

    /** Why there is none. */
    Optional<String> missing() {
        return missing;
    }

    void verify(Path group) {
        if (missing.isPresent()) {
            return;
        }
        try {
            if (!fs.deviceFilters(group).contains(program)) {
                throw new SandboxException(
                        Kind.UNSUPPORTED, "set devices", group.toString(), "the list of the root does not hold for it");
            }
        } catch (IOException e) {
            throw Faults.host("read devices of", group, e);
        }
    }
}
