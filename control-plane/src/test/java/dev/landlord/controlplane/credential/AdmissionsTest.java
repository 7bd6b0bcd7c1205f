package dev.landlord.controlplane.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import dev.landlord.controlplane.tls.NodeSubject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(StoreKind.class)
@ExtendWith(TestStores.Extension.class)
class AdmissionsTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");

    @TempDir
    Path folder;

    private final StoreKind kind;

    private Database database;
    private Admissions admissions;

    AdmissionsTest(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open(TestStores stores) {
        database = Database.open(stores.place(kind, folder, "admissions"));
        admissions = new Admissions(database, Instant::now);
        for (NodeName node : new NodeName[] {N1, N2}) {
            database.write(writer -> writer.sql("INSERT INTO node (name, state, state_since, joined_at, last_seen_at,"
                            + " generation, desired_sha256) VALUES (?, 'JOINED', 0, 0, 0, 0, '')")
                    .param(node.value())
                    .update());
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private NodeSubject admitted(NodeName node, long expiresAt) {
        NodeSubject subject = admissions.newSubject(node);
        database.write(writer -> {
            admissions.admit(writer, subject, expiresAt);
            return true;
        });
        return subject;
    }

    @Test
    void newestAdmissionAloneIsGoodFromTheCommitOn() {
        NodeSubject drafted = admissions.newSubject(N1);
        assertThat(admissions.isGood(drafted)).isFalse();
        NodeSubject first = admitted(N1, 5);
        NodeSubject other = admitted(N2, 6);
        assertThat(admissions.isGood(first)).isTrue();
        NodeSubject second = admitted(N1, 7);
        assertThat(admissions.isGood(first)).isFalse();
        assertThat(admissions.isGood(second)).isTrue();
        assertThat(admissions.isGood(other)).isTrue();
        assertThat(admissions.isGood(new NodeSubject(N2, second.admission()))).isFalse();
    }

    @Test
    void renewalIsOfTheSameAdmissionOrIsNone() {
        NodeSubject first = admitted(N1, 5);
        assertThat(database.<Boolean>write(writer -> admissions.renewed(writer, first, 50)))
                .isTrue();
        assertThat(database.read(admissions::expiries)).isEqualTo(Map.of(N1, 50L));
        NodeSubject second = admitted(N1, 7);
        assertThat(database.<Boolean>write(writer -> admissions.renewed(writer, first, 60)))
                .isFalse();
        assertThat(database.read(admissions::expiries)).isEqualTo(Map.of(N1, 7L));
        assertThat(admissions.isGood(second)).isTrue();
    }

    @Test
    void revocationHoldsFromTheCommitOn() {
        NodeSubject subject = admitted(N1, 5);
        assertThat(admissions.isGood(subject)).isTrue();
        assertThat(database.<Boolean>write(writer -> admissions.revoke(writer, N1)))
                .isTrue();
        assertThat(admissions.isGood(subject)).isFalse();
        assertThat(database.<Boolean>write(writer -> admissions.revoke(writer, N1)))
                .isFalse();
        assertThat(database.<Boolean>read(reader -> admissions.isAdmitted(reader, N1)))
                .isFalse();
        assertThat(database.<Boolean>write(writer -> admissions.renewed(writer, subject, 60)))
                .isFalse();
    }

    @Test
    void nodeThatIsDeletedLeavesNoAdmission() {
        admitted(N1, 5);
        database.write(writer ->
                writer.sql("DELETE FROM node WHERE name = ?").param(N1.value()).update());
        assertThat(database.read(admissions::expiries)).isEmpty();
    }
}
