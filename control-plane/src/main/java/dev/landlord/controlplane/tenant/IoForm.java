package dev.landlord.controlplane.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.workload.IoRates;
import org.jspecify.annotations.Nullable;

/** Disk traffic as people write it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record IoForm(
        @Nullable Long readBytesPerSecond,
        @Nullable Long writeBytesPerSecond,
        @Nullable Long readOpsPerSecond,
        @Nullable Long writeOpsPerSecond,
        @Nullable Boolean bufferedWrites) {
    static IoForm of(IoRates rates) {
        return new IoForm(
                rates.readBytesPerSecond(),
                rates.writeBytesPerSecond(),
                rates.readOpsPerSecond(),
                rates.writeOpsPerSecond(),
                rates.bufferedWrites());
    }

    /** A limit that leaves out the writes which programs do not wait for has to be asked for as such. */
    IoRates rates() {
        boolean all = bufferedWrites == null || bufferedWrites;
        return new IoRates(readBytesPerSecond, writeBytesPerSecond, readOpsPerSecond, writeOpsPerSecond, all);
    }
}
