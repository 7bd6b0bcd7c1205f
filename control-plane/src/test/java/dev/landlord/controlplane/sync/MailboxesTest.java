package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.controlplane.allocation.DesiredSets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MailboxesTest {
    private final DesiredSets sets = new DesiredSets();
    private final Mailboxes mailboxes = new Mailboxes(sets);

    /** Names that a small hash table keeps in one place, so that the one is unlinked where the other is being linked. */
    @Test
    void boxThatIsMadeWhileADeletedNodesIsSweptIsNotLost() {
        for (int number = 0; number < 200; number++) {
            NodeName deleted = new NodeName("deleted-" + number);
            NodeName fresh = new NodeName("fresh-" + number);
            sets.publish(deleted, set(deleted));
            sets.keepOnly(Set.of());
            assertThat(mailboxes.of(fresh)).as(fresh.value()).isSameAs(mailboxes.of(fresh));
        }
    }

    @Test
    void callOfADeletedNodeEnds() throws Exception {
        NodeName node = new NodeName("n1");
        sets.publish(node, set(node));
        Mailbox box = mailboxes.of(node);
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return box.await(set(node).generation(), Duration.ofMinutes(5)).isEmpty();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
        while (!box.isWaitedAt()) {
            Thread.onSpinWait();
        }
        sets.keepOnly(Set.of());
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(mailboxes.of(node)).isNotSameAs(box);
        assertThat(mailboxes.of(node).newest()).isNull();
    }

    @Test
    void nothingOfADeletedNodeIsLeftInItsBox() {
        NodeName node = new NodeName("n1");
        sets.publish(node, set(node));
        assertThat(mailboxes.of(node).newest()).isNotNull();
        mailboxes.forget(node);
        assertThat(mailboxes.of(node).newest()).isNull();
        sets.publish(node, set(node));
        assertThat(mailboxes.of(node).newest()).isEqualTo(set(node));
    }

    private static DesiredState set(NodeName node) {
        return new DesiredState(new Generation(node.value(), 1), List.of(), Set.of(), null);
    }
}
