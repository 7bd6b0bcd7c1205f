package dev.landlord.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.cli.failure.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevPartsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aLogTakesNoMoreRoomThanTwoFilesAndKeepsTheNewest() throws IOException {
        Path file = folder.resolve("x.log");
        try (BoundedLog log = new BoundedLog(file, 100)) {
            for (int i = 0; i < 1000; i++) {
                log.line("line " + i);
            }
            assertThat(log.lastLines()).hasSize(20).last().isEqualTo("line 999");
        }
        assertThat(Files.size(file)).isLessThanOrEqualTo(100);
        assertThat(Files.size(folder.resolve("x.log.1"))).isLessThanOrEqualTo(100);
        assertThat(Files.readString(file)).endsWith("line 999\n");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void onlyProblemsAreShownAndNoFloodOfThem() {
        List<String> shown = new ArrayList<>();
        Instant[] now = {Instant.EPOCH};
        InstantSource clock = () -> now[0];
        ProblemFilter filter = new ProblemFilter("agent", clock, shown::add);
        filter.line("2026-05-04T12:00:00.123Z  INFO 1 --- [main] a.B : started, ERROR handler too");
        filter.line("2026-05-04T12:00:00.123Z  WARN 1 --- [main] a.B : careful");
        filter.line("landlord-agent: landlord.agent.node: is required");
        assertThat(shown)
                .containsExactly(
                        "agent: 2026-05-04T12:00:00.123Z  WARN 1 --- [main] a.B : careful",
                        "agent: landlord-agent: landlord.agent.node: is required");
        for (int i = 0; i < 1000; i++) {
            filter.line("2026-05-04T12:00:00.123Z ERROR 1 --- [main] a.B : again");
        }
        assertThat(shown).hasSize(61).last().isEqualTo("agent: more problems this minute, see its log");
        now[0] = Instant.EPOCH.plusSeconds(60);
        filter.line("2026-05-04T12:01:00.123Z ERROR 1 --- [main] a.B : later");
        assertThat(shown).hasSize(62);
    }

    @Test
    void slotsDifferInEverythingAndAreFreeAgainAfterwards() {
        Path slots = folder.resolve("slots");
        Slot first = Slot.take(slots, OptionalInt.empty());
        Slot second = Slot.take(slots, OptionalInt.empty());
        assertThat(first.number()).isZero();
        assertThat(second.number()).isEqualTo(1);
        assertThat(first.contextName()).isEqualTo("dev");
        assertThat(second.contextName()).isEqualTo("dev-1");
        assertThat(second.cgroupRoot()).isNotEqualTo(first.cgroupRoot());
        assertThat(second.idBase()).isEqualTo(first.idBase() + first.idCount());
        assertThat(first.idBase() % 65_536).isZero();
        assertThat(first.idCount() % 65_536).isZero();
        assertThatThrownBy(() -> Slot.take(slots, OptionalInt.of(1)))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("slot 1 of this state folder is used by another landlord dev");
        first.close();
        try (Slot again = Slot.take(slots, OptionalInt.empty())) {
            assertThat(again.number()).isZero();
        }
        second.close();
        assertThat(slots).doesNotExist();
    }

    @Test
    void whenAllSlotsAreTakenItSaysSo() {
        List<Slot> taken = new ArrayList<>();
        for (int i = 0; i < Slot.COUNT; i++) {
            taken.add(Slot.take(folder.resolve("slots"), OptionalInt.empty()));
        }
        assertThatThrownBy(() -> Slot.take(folder.resolve("slots"), OptionalInt.empty()))
                .hasMessage("all 16 slots are used by other landlord dev");
        taken.forEach(Slot::close);
    }

    @Test
    void aStateFolderIsForItsOwnerAndRemembersItsSlot() throws IOException {
        StateFolder state = StateFolder.open(folder.resolve("a/b"));
        assertThat(state.temporary()).isFalse();
        assertThat(Files.getPosixFilePermissions(state.path())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(state.slot()).isEmpty();
        state.rememberSlot(3);
        assertThat(StateFolder.open(folder.resolve("a/b")).slot()).hasValue(3);
        state.deleteIfUnused();
        assertThat(state.path()).exists();
    }

    @Test
    void aTemporaryFolderGoesWithAllThatIsInItButNotWhatLinksLeadTo() throws IOException {
        StateFolder state = StateFolder.open(null);
        Path outside = Files.writeString(folder.resolve("outside"), "stays");
        Files.createDirectories(state.agent().resolve("deep"));
        Files.createSymbolicLink(state.agent().resolve("link"), folder);
        state.delete();
        assertThat(state.path()).doesNotExist();
        assertThat(outside).exists();
    }

    @Test
    void emptyGroupsOfEveryHierarchyAreRemovedAndNothingElse() throws IOException {
        Path mount = folder.resolve("cgroup");
        Files.createDirectories(mount.resolve("memory/landlord-dev-0/alice/a1"));
        Files.createDirectories(mount.resolve("cpu/landlord-dev-0"));
        Files.createDirectories(mount.resolve("cpu/landlord-dev-1"));
        Files.createDirectories(mount.resolve("landlord-dev-0/alice"));
        Files.createSymbolicLink(mount.resolve("cpuacct"), mount.resolve("cpu"));
        assertThat(new ControlGroups(mount, "landlord-dev-0").remove()).isEmpty();
        assertThat(mount.resolve("memory/landlord-dev-0")).doesNotExist();
        assertThat(mount.resolve("cpu/landlord-dev-0")).doesNotExist();
        assertThat(mount.resolve("landlord-dev-0")).doesNotExist();
        assertThat(mount.resolve("memory")).exists();
        assertThat(mount.resolve("cpu/landlord-dev-1")).exists();
    }

    @Test
    void aGroupThatIsInUseIsNamed() throws IOException {
        Path mount = folder.resolve("cgroup");
        Path busy = Files.createDirectories(mount.resolve("cpu/landlord-dev-0/alice"));
        Files.writeString(busy.resolve("cgroup.procs"), "42\n");
        Files.writeString(mount.resolve("cpu/landlord-dev-0").resolve("cgroup.procs"), "");
        ControlGroups groups = new ControlGroups(mount, "landlord-dev-0");
        assertThat(groups.hasProcesses()).isTrue();
        assertThat(groups.remove()).contains(busy);
        Files.writeString(busy.resolve("cgroup.procs"), "");
        assertThat(groups.hasProcesses()).isFalse();
    }
}
