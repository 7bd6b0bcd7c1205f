package dev.landlord.runtime.seccomp;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.linux.Libseccomp;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.seccomp.Policy.Rule;
import dev.landlord.runtime.seccomp.Prologue.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The one filter of system calls that every tenant's program gets. */
public final class SeccompPolicy {
    private static final String RESOURCE = "system-calls.policy";
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    /** The kernel takes no longer program. */
    private static final int MAX_INSTRUCTIONS = 4096;

    private SeccompPolicy() {}

    /**
     * The program for seccomp(2), an array of {@code struct sock_filter}. Takes some milliseconds; the result is always the
     * same on one host, so compute it once. Thread-safe.
     *
     * @throws SandboxException {@code UNSUPPORTED} if this host has no libseccomp or is not x86-64
     */
    public static byte[] compile() {
        return compile(Policy.parse(resource()));
    }

    static byte[] compile(Policy policy) {
        try (Libseccomp filter = Libseccomp.open(Libseccomp.errno(EPERM))) {
            List<Refusal> refusals = new ArrayList<>();
            for (Rule rule : policy.rules()) {
                int number = numberOf(rule, policy.newest());
                int action = rule.allows() ? Libseccomp.ALLOW : Libseccomp.errno(rule.errno());
                if (rule.low()) {
                    var condition = rule.conditions().getFirst();
                    refusals.add(new Refusal(number, condition.argument(), (int) condition.value(), action));
                } else if (action != Libseccomp.errno(EPERM)
                        || !rule.conditions().isEmpty()) {
                    filter.rule(action, number, rule.conditions());
                } // what no rule is about fails with EPERM anyway, and the library refuses rules that say so again
            }
            byte[] before = Prologue.of(policy.newest(), Libseccomp.KILL_PROCESS, Libseccomp.errno(ENOSYS), refusals);
            return joined(before, filter.export());
        } catch (UnsatisfiedLinkError e) {
            throw new SandboxException(
                    Kind.UNSUPPORTED,
                    "load",
                    "libseccomp.so.2",
                    0,
                    "it is not on this host; install the package libseccomp2",
                    e);
        } catch (UnsupportedOperationException e) {
            throw new SandboxException(Kind.UNSUPPORTED, "compile", RESOURCE, 0, String.valueOf(e.getMessage()), e);
        } catch (LinuxFault e) {
            throw new SandboxException(Kind.HOST_FAULT, "compile", RESOURCE, e.errno(), e.reason(), e);
        }
    }

    /** The library's number and ours must not differ: one of them would be about another call. */
    private static int numberOf(Rule rule, int newest) {
        int known = Libseccomp.number(rule.name()).orElse(-1);
        int number = known >= 0 ? known : rule.number().orElse(-1);
        boolean contradicted =
                known >= 0 && rule.number().isPresent() && rule.number().getAsInt() != known;
        if (number < 0 || number > newest || contradicted) {
            throw new IllegalStateException(RESOURCE + ": " + rule.name() + " is call " + known + " for libseccomp, "
                    + rule.number() + " for us, and the newest is " + newest);
        }
        return number;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        int instructions = (first.length + second.length) / 8;
        if (instructions > MAX_INSTRUCTIONS) {
            throw new IllegalStateException(RESOURCE + ": " + instructions + " instructions are too many");
        }
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static String resource() {
        try (InputStream in = SeccompPolicy.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "read", RESOURCE, 0, String.valueOf(e.getMessage()), e);
        }
    }
}
