package dev.landlord.agent.sync;

import dev.landlord.api.join.RenewalReply;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ExecRequest;
import dev.landlord.api.sync.StreamRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON may leave out what the contract says is there. A set with a hole must not get as far as the loop, where it would
 * stop the work for every tenant of the host. Pure.
 */
final class WholeReply {
    private final String call;

    private WholeReply(String call) {
        this.call = call;
    }

    /** @throws ControlPlaneException naming the first part that is missing */
    static DesiredReply require(String call, DesiredReply reply) {
        WholeReply whole = new WholeReply(call);
        DesiredState desired = reply.desired();
        if (desired != null) {
            whole.set(desired);
        }
        for (StreamRequest stream : reply.streams()) {
            whole.part("streams/id", stream.id());
            whole.part("streams/kind", stream.kind());
            whole.part("streams/allocation", stream.allocation());
        }
        for (ExecRequest exec : reply.execs()) {
            whole.part("execs/id", exec.id());
            whole.part("execs/allocation", exec.allocation());
            whole.part("execs/exec", exec.exec() == null ? exec.attach() : exec.exec());
        }
        return reply;
    }

    static RenewalReply require(String call, RenewalReply reply) {
        new WholeReply(call).part("certificate", reply.certificate());
        return reply;
    }

    private void set(DesiredState desired) {
        part("desired/generation", desired.generation());
        part("desired/generation/incarnation", desired.generation().incarnation());
        List<Assignment> assignments = desired.assignments();
        for (int i = 0; i < assignments.size(); i++) {
            assignment("desired/assignments/" + i + "/", assignments.get(i));
        }
    }

    private void assignment(String at, Assignment assignment) {
        part(at + "allocation", assignment.allocation());
        part(at + "tenant", assignment.tenant());
        part(at + "workload", assignment.workload());
        part(at + "desired", assignment.desired());
        part(at + "process", assignment.process());
        part(at + "process/image", assignment.process().image());
        part(at + "process/user", assignment.process().user());
        part(at + "process/workdir", assignment.process().workdir());
        part(at + "resources", assignment.resources());
        part(at + "restart", assignment.restart());
        part(at + "restart/mode", assignment.restart().mode());
    }

    private void part(String pointer, @Nullable Object value) {
        if (value == null) {
            throw new ControlPlaneException(call, 0, "the answer lacks /" + pointer, null);
        }
    }
}
