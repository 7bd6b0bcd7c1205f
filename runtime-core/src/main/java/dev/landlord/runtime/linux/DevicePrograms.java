package dev.landlord.runtime.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Programs that the kernel asks whether a member of a control group of version 2 may open or make a device node; bpf(2), type
 * {@code BPF_PROG_TYPE_CGROUP_DEVICE}. They go with the group they are attached to. Thread-safe as the kernel is.
 */
public final class DevicePrograms {
    private static final long SYS_BPF = 321;
    private static final int PROG_LOAD = 5;
    private static final int PROG_ATTACH = 8;
    private static final int PROG_DETACH = 9;
    private static final int PROG_GET_FD_BY_ID = 13;
    private static final int OBJ_GET_INFO_BY_FD = 15;
    private static final int PROG_QUERY = 16;

    private static final int TYPE_CGROUP_DEVICE = 15;
    private static final int ATTACH_DEVICE = 6;
    /** Beside what is attached further up: all of them must agree. */
    private static final int ALLOW_MULTI = 2;
    /** Also what is attached further up. */
    private static final int QUERY_EFFECTIVE = 1;

    private static final int O_DIRECTORY = 0x1_0000;
    private static final int O_CLOEXEC = 0x8_0000;
    private static final int MAX_PROGRAMS = 64;
    private static final int BYTES_PER_INSTRUCTION = 8;
    private static final int NAME_BYTES = 16;
    private static final String NAME = "landlord_device";

    private DevicePrograms() {}

    /** What the kernel says of a program; the tag is a digest of its instructions. */
    private record Info(int id, long tag, String name) {}

    /**
     * Has a program decide for a group and all below it, in place of earlier ones of ours; nothing changes if it does so already.
     * At no time does none decide: all that are attached must agree, and an earlier one goes last.
     *
     * @return the kernel's number of the program
     */
    public static int attach(String group, byte[] program) {
        int directory = open(group);
        try {
            int loaded = load(program);
            try {
                return attach(directory, loaded);
            } finally {
                Linux.close(loaded);
            }
        } finally {
            Linux.close(directory);
        }
    }

    private static int attach(int directory, int loaded) {
        Info wanted = info(loaded);
        List<Info> there =
                query(directory, 0).stream().map(DevicePrograms::infoOf).toList();
        Optional<Info> same =
                there.stream().filter(found -> found.tag() == wanted.tag()).findFirst();
        if (same.isEmpty()) {
            attachBeside(directory, loaded);
        }
        int deciding = same.orElse(wanted).id();
        for (Info other : there) {
            if (other.name().equals(NAME) && other.id() != deciding) {
                detach(directory, other.id());
            }
        }
        return deciding;
    }

    /** Both decide from then on. */
    static void attachBeside(int directory, int loaded) {
        change(PROG_ATTACH, directory, loaded, ALLOW_MULTI);
    }

    /** Numbers of all programs that decide for this group, wherever they are attached. */
    public static List<Integer> decidingFor(String group) {
        int directory = open(group);
        try {
            return query(directory, QUERY_EFFECTIVE);
        } finally {
            Linux.close(directory);
        }
    }

    static int open(String group) {
        return Linux.check("open", CLibrary.open(group, O_DIRECTORY | O_CLOEXEC, 0));
    }

    static int load(byte[] program) {
        try (Memory code = new Memory(program.length);
                Memory license = new Memory(1);
                Memory attributes = cleared(72)) {
            code.write(0, program, 0, program.length);
            license.setByte(0, (byte) 0);
            attributes.setInt(0, TYPE_CGROUP_DEVICE);
            attributes.setInt(4, program.length / BYTES_PER_INSTRUCTION);
            attributes.setPointer(8, code);
            attributes.setPointer(16, license);
            byte[] name = NAME.getBytes(StandardCharsets.US_ASCII);
            attributes.write(48, name, 0, name.length);
            return bpf("bpf PROG_LOAD", PROG_LOAD, attributes);
        }
    }

    private static void change(int command, int directory, int program, int flags) {
        try (Memory attributes = cleared(20)) {
            attributes.setInt(0, directory);
            attributes.setInt(4, program);
            attributes.setInt(8, ATTACH_DEVICE);
            attributes.setInt(12, flags);
            bpf(command == PROG_ATTACH ? "bpf PROG_ATTACH" : "bpf PROG_DETACH", command, attributes);
        }
    }

    private static void detach(int directory, int id) {
        int program = byId(id);
        try {
            change(PROG_DETACH, directory, program, 0);
        } finally {
            Linux.close(program);
        }
    }

    private static List<Integer> query(int directory, int flags) {
        try (Memory ids = cleared(4 * MAX_PROGRAMS);
                Memory attributes = cleared(32)) {
            attributes.setInt(0, directory);
            attributes.setInt(4, ATTACH_DEVICE);
            attributes.setInt(8, flags);
            attributes.setPointer(16, ids);
            attributes.setInt(24, MAX_PROGRAMS);
            bpf("bpf PROG_QUERY", PROG_QUERY, attributes);
            return Arrays.stream(ids.getIntArray(0, attributes.getInt(24)))
                    .boxed()
                    .toList();
        }
    }

    private static Info infoOf(int id) {
        int program = byId(id);
        try {
            return info(program);
        } finally {
            Linux.close(program);
        }
    }

    private static int byId(int id) {
        try (Memory attributes = cleared(12)) {
            attributes.setInt(0, id);
            return bpf("bpf PROG_GET_FD_BY_ID", PROG_GET_FD_BY_ID, attributes);
        }
    }

    /** The first fields of {@code struct bpf_prog_info}. */
    private static Info info(int program) {
        int nameOffset = 64;
        try (Memory info = cleared(nameOffset + NAME_BYTES);
                Memory attributes = cleared(16)) {
            attributes.setInt(0, program);
            attributes.setInt(4, nameOffset + NAME_BYTES);
            attributes.setPointer(8, info);
            bpf("bpf OBJ_GET_INFO_BY_FD", OBJ_GET_INFO_BY_FD, attributes);
            return new Info(info.getInt(4), info.getLong(8), info.getString(nameOffset));
        }
    }

    private static Memory cleared(int bytes) {
        Memory memory = new Memory(bytes);
        memory.clear();
        return memory;
    }

    private static int bpf(String call, int command, Memory attributes) {
        return (int) Linux.check(
                call, CLibrary.syscall(SYS_BPF, command, Pointer.nativeValue(attributes), attributes.size(), 0));
    }
}
