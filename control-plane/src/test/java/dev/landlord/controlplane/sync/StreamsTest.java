package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.web.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StreamsTest {
    private static final NodeName NODE = new NodeName("n1");
    private static final TenantName ALICE = new TenantName("alice");
    private static final TenantName BOB = new TenantName("bob");

    private final Streams streams = new Streams();

    @Test
    void newestTakesThePlaceOfTheQuietestOfItsTenant() throws Exception {
        StreamSession bobs = streams.create(NODE, BOB);
        List<StreamSession> alices = open(ALICE, Streams.OF_TENANT_MAX);
        alices.getFirst().write(new byte[] {1});
        assertThat(alices.getFirst().read()).hasSize(1);

        StreamSession newest = streams.create(NODE, ALICE);

        assertThatThrownBy(() -> alices.get(1).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("gave way");
        assertThat(streams.find(alices.get(1).id(), NODE)).isEmpty();
        for (StreamSession kept : List.of(bobs, alices.getFirst(), alices.get(2), newest)) {
            assertThat(streams.find(kept.id(), NODE)).containsSame(kept);
        }
    }

    @Test
    void boundsTheStreamsOfAllTogether() {
        int opened = 0;
        for (int tenant = 0; opened < Streams.OPEN_MAX; tenant++) {
            opened += open(new TenantName("t" + tenant), Streams.OF_TENANT_MAX).size();
        }
        assertThatThrownBy(() -> streams.create(NODE, BOB))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ProblemCode.UNAVAILABLE));
    }

    private List<StreamSession> open(TenantName tenant, int count) {
        List<StreamSession> opened = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            opened.add(streams.create(NODE, tenant));
        }
        return opened;
    }
}
