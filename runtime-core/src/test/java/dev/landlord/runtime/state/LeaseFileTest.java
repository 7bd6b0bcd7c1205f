package dev.landlord.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseFileTest {
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    @TempDir
    private Path scratch;

    @Test
    void aNewOneHasRunOut() throws IOException {
        LeaseFile file = LeaseFile.open(scratch.resolve("lease"));
        assertThat(file.read().holds()).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
    }

    @Test
    void theNextProcessGoesOnWithIt() {
        LeaseFile file = LeaseFile.open(scratch.resolve("lease"));
        Lease granted = file.extend(file.read().nowNanos() + HOUR_NANOS);
        Lease found = LeaseFile.open(file.path()).read();
        assertThat(found.holds()).isTrue();
        assertThat(found.deadlineNanos()).isEqualTo(granted.deadlineNanos());
        assertThat(found.term()).isEqualTo(1);
    }

    @Test
    void whatCannotBeWrittenIsNotExtendedAndIsTriedAgain() throws IOException {
        Path folder = Files.createDirectory(scratch.resolve("gone"));
        Path lease = folder.resolve("lease");
        Files.delete(folder);
        LeaseFile file = LeaseFile.open(lease);
        Lease refused = file.extend(file.read().nowNanos() + HOUR_NANOS);
        assertThat(refused.holds()).isFalse();
        assertThat(refused.term()).isZero();
        assertThat(file.read().holds()).isFalse();
        Files.createDirectory(folder);
        assertThat(file.extend(file.read().nowNanos() + HOUR_NANOS).term()).isEqualTo(1);
        assertThat(LeaseFile.open(lease).read().holds()).isTrue();
    }

    /** A writer that died in between: the earlier one counts. */
    @Test
    void aDeadlineThatWasWrittenByHalfIsTheEarlierOne() throws IOException {
        LeaseFile file = LeaseFile.open(scratch.resolve("lease"));
        long granted = file.extend(file.read().nowNanos() + HOUR_NANOS).deadlineNanos();
        byte[] bytes = Files.readAllBytes(file.path());
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putLong(0, granted + HOUR_NANOS);
        Path half = Files.write(scratch.resolve("half"), bytes);
        assertThat(LeaseFile.open(half).read().deadlineNanos()).isEqualTo(granted);
    }

    /** The clock of a deadline begins anew with each start of the machine, so that the deadline may seem far away. */
    @Test
    void oneOfAnEarlierBootHasRunOutAndBeginsANewTerm() throws IOException {
        LeaseFile file = LeaseFile.open(scratch.resolve("lease"));
        file.extend(file.read().nowNanos() + HOUR_NANOS);
        byte[] bytes = Files.readAllBytes(file.path());
        bytes[32] = 'x';
        Path earlier = Files.write(scratch.resolve("earlier"), bytes);
        LeaseFile after = LeaseFile.open(earlier);
        assertThat(after.read().holds()).isFalse();
        assertThat(after.extend(after.read().nowNanos() + HOUR_NANOS).term()).isEqualTo(2);
    }
}
