package dev.landlord.runtime.launch;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.linux.Descriptors;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/** Our end of the conversation with one supervisor that we started. Not thread-safe. */
public final class Supervisor {
    private final int pid;
    private final int channel;

    Supervisor(int pid, int channel) {
        this.pid = pid;
        this.channel = channel;
    }

    public int pid() {
        return pid;
    }

    /** Becomes readable with each message, and when the supervisor has gone. */
    public int channel() {
        return channel;
    }

    /** The control groups are there; the child may join them. */
    public void announceGroups() {
        say('C');
    }

    /** Lets the parked program exec. */
    public void go() {
        say('G');
    }

    /** The end was heard, so that the supervisor need not make its record durable. */
    public void acknowledgeEnd() {
        say('K');
    }

    /** To a program that joined a sandbox, and to its process group. */
    public void signalGroup(int number) {
        byte[] message = ByteBuffer.allocate(5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'K')
                .putInt(number)
                .array();
        try {
            Linux.send(channel, message);
        } catch (LinuxFault e) {
            if (e.errno() != Errno.EPIPE) {
                throw HelperFault.of("speak to", "supervisor " + pid, e);
            }
        }
    }

    /** Like {@link #listen}, for the one message that brings descriptors; they are the caller's to close. */
    public HelperMessage listenForDescriptors(int timeoutMillis) {
        return hear(timeoutMillis, () -> {
            Descriptors.Message message =
                    twice(() -> Descriptors.receive(channel, HelperMessage.MAX_BYTES, timeoutMillis));
            return message.descriptors().isEmpty()
                    ? HelperMessage.parse(message.bytes())
                    : new HelperMessage.Handed(message.descriptors());
        });
    }

    private void say(char word) {
        try {
            Linux.send(channel, (byte) word);
        } catch (LinuxFault e) {
            if (e.errno() != Errno.EPIPE) {
                throw HelperFault.of("speak to", "supervisor " + pid, e);
            }
            // It has gone; what it had to say can still be received.
        }
    }

    /** @throws SandboxException TIMEOUT when it says nothing for so long */
    public HelperMessage listen(int timeoutMillis) {
        return hear(
                timeoutMillis,
                () -> HelperMessage.parse(twice(() -> Linux.receive(channel, HelperMessage.MAX_BYTES, timeoutMillis))));
    }

    private HelperMessage hear(int timeoutMillis, Supplier<HelperMessage> receive) {
        try {
            return receive.get();
        } catch (LinuxFault e) {
            if (e.errno() == Errno.EAGAIN) {
                throw new SandboxException(
                        SandboxException.Kind.TIMEOUT,
                        "launch",
                        "supervisor " + pid,
                        "said nothing for " + timeoutMillis + " ms");
            }
            throw HelperFault.of("listen to", "supervisor " + pid, e);
        }
    }

    /**
     * A supervisor that goes without having read all we said is reported once as an error, before what it said itself, its
     * last words among it; unix(7).
     */
    private static <T> T twice(Supplier<T> receive) {
        try {
            return receive.get();
        } catch (LinuxFault e) {
            if (e.errno() != Errno.ECONNRESET) {
                throw e;
            }
            return receive.get();
        }
    }

    /** Lets go of it. A supervisor whose program has not been let go yet ends, and its program with it. */
    public void hangUp() {
        Linux.close(channel);
    }
}
