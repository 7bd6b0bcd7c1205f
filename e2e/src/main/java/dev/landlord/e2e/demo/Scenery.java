package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.ChildProcess;
import dev.landlord.e2e.network.Rack;
import org.jspecify.annotations.Nullable;

/**
 * What stands on the stage beside the landlord's own programs. Closing it again does nothing.
 *
 * @param rack with the hosts; null before it was put up
 * @param world a server that belongs to nobody here; null before it was started
 */
record Scenery(@Nullable Rack rack, @Nullable ChildProcess world) implements AutoCloseable {
    @Override
    public void close() {
        try {
            if (world != null) {
                world.close();
            }
        } finally {
            if (rack != null) {
                rack.close();
            }
        }
    }
}
