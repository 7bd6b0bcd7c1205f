package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.StreamRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MailboxTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration NONE = Duration.ZERO;

    private final Mailbox mailbox = new Mailbox();

    @Test
    void newSetEndsTheWait() throws Exception {
        CompletableFuture<Optional<DesiredReply>> waiting = await(generation(1));
        mailbox.publish(set(2));
        assertThat(waiting.get(10, TimeUnit.SECONDS)).hasValue(new DesiredReply(set(2), List.of()));
    }

    @Test
    void setThatWasSeenIsNotSentAgain() throws Exception {
        mailbox.publish(set(2));
        assertThat(mailbox.await(generation(2), NONE)).isEmpty();
        assertThat(mailbox.await(generation(1), NONE)).isPresent();
        assertThat(mailbox.await(new Generation("db-2", 2), NONE)).isPresent();
    }

    @Test
    void streamRequestIsHandedOutOnceAndWithoutTheSet() throws Exception {
        mailbox.publish(set(1));
        CompletableFuture<Optional<DesiredReply>> waiting = await(generation(1));
        assertThat(mailbox.offer(stream("s1"))).isTrue();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).hasValue(new DesiredReply(null, List.of(stream("s1"))));
        assertThat(mailbox.await(generation(1), NONE)).isEmpty();
    }

    @Test
    void withdrawnRequestIsNotHandedOut() throws Exception {
        assertThat(mailbox.offer(stream("s1"))).isTrue();
        mailbox.withdraw(stream("s1"));
        assertThat(mailbox.await(generation(1), NONE)).isEmpty();
    }

    @Test
    void requestThatWasHandedOutIsNotTakenAgain() throws Exception {
        assertThat(mailbox.offer(stream("s1"))).isTrue();
        assertThat(mailbox.offer(stream("s1"))).isFalse();
        assertThat(mailbox.await(generation(1), NONE)).isPresent();
        assertThat(mailbox.offer(stream("s1"))).isFalse();
        assertThat(mailbox.await(generation(1), NONE)).isEmpty();
    }

    @Test
    void agentIsHereDuringItsCallAndBetweenTwo() throws Exception {
        assertThat(mailbox.isWaitedAt()).isFalse();
        CompletableFuture<Optional<DesiredReply>> waiting = await(generation(1));
        while (!mailbox.isWaitedAt()) {
            Thread.onSpinWait();
        }
        mailbox.publish(set(2));
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(mailbox.isWaitedAt()).isTrue();
    }

    /** The agent was at another replica a moment ago, and that one was faster. */
    @Test
    void olderSetThanTheOneThatWasSeenIsNoNews() throws Exception {
        mailbox.publish(set(2));
        assertThat(mailbox.await(generation(3), NONE)).isEmpty();
    }

    @Test
    void setThatTheStoreHasANewerOneOfIsToldToNobody() throws Exception {
        mailbox.publish(set(2));
        mailbox.retractOlderThan(2);
        assertThat(mailbox.await(new Generation("none", 0), NONE)).isPresent();
        mailbox.retractOlderThan(3);
        assertThat(mailbox.await(new Generation("none", 0), NONE)).isEmpty();
    }

    @Test
    void requestsAreBounded() {
        int taken = 0;
        while (taken < 1000 && mailbox.offer(stream("s" + taken))) {
            taken++;
        }
        assertThat(taken).isEqualTo(64);
    }

    @Test
    void newerCallEndsAnOlderOne() throws Exception {
        mailbox.publish(set(1));
        CompletableFuture<Optional<DesiredReply>> older = await(generation(1));
        CompletableFuture<Optional<DesiredReply>> newer = await(generation(1));
        assertThat(CompletableFuture.anyOf(older, newer).get(10, TimeUnit.SECONDS))
                .isEqualTo(Optional.empty());
        mailbox.publish(set(2));
        assertThat(List.of(older.get(10, TimeUnit.SECONDS), newer.get(10, TimeUnit.SECONDS)))
                .containsExactlyInAnyOrder(Optional.empty(), Optional.of(new DesiredReply(set(2), List.of())));
    }

    private CompletableFuture<Optional<DesiredReply>> await(Generation seen) {
        CompletableFuture<Optional<DesiredReply>> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(mailbox.await(seen, LONG));
            } catch (InterruptedException failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private static Generation generation(long number) {
        return new Generation("db-1", number);
    }

    private static DesiredState set(long number) {
        return new DesiredState(generation(number), List.of(), Set.of(), null);
    }

    private static StreamRequest stream(String id) {
        return new StreamRequest(id, StreamRequest.Kind.STDOUT, new AllocationId("aaaaaaaa"), false, 10);
    }
}
