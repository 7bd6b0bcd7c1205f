package dev.landlord.runtime.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The wire form of a plan; the format and the numbers are those of the helper's {@code plan.h}. */
public final class PlanEncoder {
    private static final int MAGIC = 0x504e4c4c;
    private static final short VERSION = 1;
    private static final int MAX_STEPS = 256;
    private static final int MAX_FIELDS = 2048;

    private PlanEncoder() {}

    /** @throws IllegalArgumentException if the plan is larger than the helper takes, or a string has a NUL */
    public static byte[] encode(LaunchPlan plan) {
        List<Wire> wires = plan.steps().stream().map(PlanEncoder::wire).toList();
        int fields = wires.stream().mapToInt(wire -> wire.fields().size()).sum();
        if (wires.size() > MAX_STEPS || fields > MAX_FIELDS) {
            throw new IllegalArgumentException("plan has " + wires.size() + " steps and " + fields + " fields, at most "
                    + MAX_STEPS + " and " + MAX_FIELDS + " are possible");
        }
        int size = 8 + wires.stream().mapToInt(Wire::size).sum();
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putShort(VERSION).putShort((short) wires.size());
        wires.forEach(wire -> wire.write(out));
        return out.array();
    }

    private record Wire(int op, List<byte[]> fields) {
        int size() {
            return 4 + fields.stream().mapToInt(field -> 5 + field.length).sum();
        }

        void write(ByteBuffer out) {
            out.putShort((short) op).putShort((short) fields.size());
            fields.forEach(field -> out.putInt(field.length).put(field).put((byte) 0));
        }
    }

    private static Wire wire(LaunchStep step) {
        return switch (step) {
            case LaunchStep.Supervise s ->
                of(1, s.stateDirectory(), s.bytesPerFile(), s.files(), s.bytesPerSecond(), s.identity());
            case LaunchStep.Clone s -> of(2, s.flags(), s.birthGroup());
            case LaunchStep.MapIds s -> of(3, s.base(), s.size());
            case LaunchStep.RootOverlay s ->
                of(4, s.image(), s.writableBytes(), s.writableInodes(), s.owner(), s.idMapped() ? 1 : 0);
            case LaunchStep.OutputOwner s -> of(5, s.uid(), s.gid());
            case LaunchStep.JoinGroups s -> of(6, s.procsFiles().toArray());
            case LaunchStep.SupervisorGroups s -> of(7, s.procsFiles().toArray());
            case LaunchStep.OomScore s -> of(8, s.adjustment());
            case LaunchStep.AttachLink s -> new Wire(9, List.of(string(s.name()), s.requests(), number(s.pidOffset())));
            case LaunchStep.Join s -> of(10, s.namespaces(), s.birthGroup(), s.graceMillis());
            case LaunchStep.OomGroup s -> of(11, s.control(), s.registrar());
            case LaunchStep.Lease s -> of(12, s.file(), s.term());
            case LaunchStep.BecomeRoot() -> of(16);
            case LaunchStep.ConfigureLinks s -> new Wire(17, List.of(s.requests()));
            case LaunchStep.MountsPrivate() -> of(18);
            case LaunchStep.RootAttach() -> of(19);
            case LaunchStep.MakeDirectory s -> of(20, s.path(), s.mode());
            case LaunchStep.Mount s -> of(21, mountFields(s));
            case LaunchStep.Device s -> of(22, s.name(), s.major(), s.minor());
            case LaunchStep.Symlink s -> of(23, s.content(), s.path());
            case LaunchStep.Mask s -> of(24, s.path());
            case LaunchStep.ReadOnly s -> of(25, s.path());
            case LaunchStep.Pivot() -> of(26);
            case LaunchStep.Chroot() -> of(27);
            case LaunchStep.AwaitGroups() -> of(28);
            case LaunchStep.CgroupNamespace() -> of(29);
            case LaunchStep.Hostname s -> of(30, s.name());
            case LaunchStep.ResourceLimit s -> of(31, s.resource(), s.soft(), s.hard());
            case LaunchStep.BoundCapabilities s -> of(32, s.keep());
            case LaunchStep.User s -> of(33, userFields(s));
            case LaunchStep.Workdir s -> of(34, s.path());
            case LaunchStep.Capabilities s -> of(35, s.keep());
            case LaunchStep.NoNewPrivileges() -> of(36);
            case LaunchStep.Park() -> of(37);
            case LaunchStep.Seccomp s -> new Wire(38, List.of(s.filter()));
            case LaunchStep.Exec s -> of(39, execFields(s));
            case LaunchStep.Streams s ->
                of(40, s.terminal() ? 1 : 0, s.input() ? 1 : 0, s.rows(), s.columns(), s.uid(), s.gid());
            case LaunchStep.ResourceLimitsOfInit() -> of(41);
        };
    }

    private static Object[] mountFields(LaunchStep.Mount mount) {
        List<Object> fields = new ArrayList<>(List.of(mount.type(), mount.target(), mount.attributes()));
        mount.options().forEach((name, value) -> {
            fields.add(name);
            fields.add(value);
        });
        return fields.toArray();
    }

    private static Object[] userFields(LaunchStep.User user) {
        List<Object> fields = new ArrayList<>(List.of(user.uid(), user.gid()));
        fields.addAll(user.groups());
        return fields.toArray();
    }

    private static Object[] execFields(LaunchStep.Exec exec) {
        List<Object> fields = new ArrayList<>();
        fields.add(exec.init() ? 1 : 0);
        fields.add(exec.arguments().size());
        fields.addAll(exec.arguments());
        for (Map.Entry<String, String> variable : exec.environment().entrySet()) {
            fields.add(variable.getKey() + "=" + variable.getValue());
        }
        return fields.toArray();
    }

    private static Wire of(int op, Object... fields) {
        List<byte[]> encoded = new ArrayList<>(fields.length);
        for (Object field : fields) {
            encoded.add(field instanceof Number number ? number(number.longValue()) : string(field.toString()));
        }
        return new Wire(op, encoded);
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    private static byte[] string(String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a string of a plan must not contain a NUL");
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
