package dev.landlord.agent.image.elf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the few parts of an ELF file that decide what it needs. Pure; the work is bounded whatever the bytes say. */
public final class ElfParser {
    private static final int MAGIC = 0x7f454c46;
    private static final int MAX_SEGMENTS = 4096;
    private static final int MAX_DYNAMIC = 65_536;
    private static final int MAX_NEEDED = 1024;
    private static final int MAX_STRING = 4096;

    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;

    private static final long DT_NULL = 0;
    private static final long DT_NEEDED = 1;
    private static final long DT_STRTAB = 5;
    private static final long DT_STRSZ = 10;
    private static final long DT_RPATH = 15;
    private static final long DT_RUNPATH = 29;
    private static final long DT_FLAGS_1 = 0x6ffffffbL;
    private static final long DF_1_NODEFLIB = 0x800;

    /** Stops the parse; the message becomes {@link ElfParse.Malformed}. */
    private static final class Bad extends Exception {
        private final String reason;

        Bad(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }

    private record Segment(int type, long offset, long address, long size) {}

    private record Dynamic(long tag, long value) {}

    private final ByteBuffer bytes;
    private final boolean wide;
    private final int machine;

    private ElfParser(ByteBuffer bytes) throws Bad {
        this.bytes = bytes;
        int wordClass = unsigned8(4);
        int encoding = unsigned8(5);
        if (wordClass < 1 || wordClass > 2 || encoding < 1 || encoding > 2 || unsigned8(6) != 1) {
            throw new Bad("unknown class, byte order or version in e_ident");
        }
        this.wide = wordClass == 2;
        bytes.order(encoding == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        this.machine = unsigned16(18);
    }

    /** @param file the whole file; its position and order do not matter and are not changed */
    public static ElfParse parse(ByteBuffer file) {
        ByteBuffer bytes = file.duplicate().clear().order(ByteOrder.BIG_ENDIAN);
        if (bytes.limit() < 4 || bytes.getInt(0) != MAGIC) {
            return new ElfParse.NotElf();
        }
        try {
            return new ElfParse.Parsed(new ElfParser(bytes).read());
        } catch (Bad e) {
            return new ElfParse.Malformed(e.reason);
        }
    }

    private ElfFile read() throws Bad {
        List<Segment> segments = segments();
        List<Dynamic> dynamic = dynamic(segments);
        Optional<Dynamic> runpath = first(dynamic, DT_RUNPATH);
        Optional<Dynamic> rpath = first(dynamic, DT_RPATH);
        long flags = first(dynamic, DT_FLAGS_1).map(Dynamic::value).orElse(0L);
        return new ElfFile(
                new ElfFile.Abi(wide ? 64 : 32, bytes.order() == ByteOrder.LITTLE_ENDIAN, machine),
                interpreter(segments),
                needed(segments, dynamic),
                rpath.isPresent() ? directories(segments, dynamic, rpath.get()) : List.of(),
                runpath.isPresent() ? directories(segments, dynamic, runpath.get()) : List.of(),
                runpath.isPresent(),
                (flags & DF_1_NODEFLIB) != 0);
    }

    private List<Segment> segments() throws Bad {
        long table = wide ? word(32) : word(28);
        int entrySize = unsigned16(wide ? 54 : 42);
        int count = unsigned16(wide ? 56 : 44);
        int least = wide ? 56 : 32;
        if (count > MAX_SEGMENTS || (count > 0 && entrySize < least)) {
            throw new Bad("program header table with " + count + " entries of " + entrySize + " bytes");
        }
        List<Segment> segments = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long at = offset(table, (long) i * entrySize, least);
            int type = (int) unsigned32(at);
            segments.add(
                    wide
                            ? new Segment(type, word(at + 8), word(at + 16), word(at + 32))
                            : new Segment(type, word(at + 4), word(at + 8), word(at + 16)));
        }
        return segments;
    }

    private Optional<String> interpreter(List<Segment> segments) throws Bad {
        for (Segment segment : segments) {
            if (segment.type() == PT_INTERP) {
                if (segment.size() < 2 || segment.size() > MAX_STRING) {
                    throw new Bad("interpreter path of " + Long.toUnsignedString(segment.size()) + " bytes");
                }
                return Optional.of(string(offset(segment.offset(), 0, segment.size()), segment.size()));
            }
        }
        return Optional.empty();
    }

    private List<Dynamic> dynamic(List<Segment> segments) throws Bad {
        List<Dynamic> entries = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.type() == PT_DYNAMIC) {
                int size = wide ? 16 : 8;
                long count = Long.divideUnsigned(segment.size(), size);
                if (count < 0 || count > MAX_DYNAMIC) {
                    throw new Bad("dynamic section with " + Long.toUnsignedString(count) + " entries");
                }
                for (long i = 0; i < count; i++) {
                    long at = offset(segment.offset(), i * size, size);
                    Dynamic entry = new Dynamic(word(at), word(at + size / 2));
                    if (entry.tag() == DT_NULL) {
                        return entries;
                    }
                    entries.add(entry);
                }
                return entries;
            }
        }
        return entries;
    }

    private List<String> needed(List<Segment> segments, List<Dynamic> dynamic) throws Bad {
        List<String> names = new ArrayList<>();
        for (Dynamic entry : dynamic) {
            if (entry.tag() == DT_NEEDED) {
                if (names.size() == MAX_NEEDED) {
                    throw new Bad("more than " + MAX_NEEDED + " needed libraries");
                }
                String name = dynamicString(segments, dynamic, entry.value());
                if (name.isEmpty()) {
                    throw new Bad("empty name of a needed library");
                }
                names.add(name);
            }
        }
        return names;
    }

    private List<String> directories(List<Segment> segments, List<Dynamic> dynamic, Dynamic entry) throws Bad {
        String list = dynamicString(segments, dynamic, entry.value());
        return Arrays.stream(list.split(":", -1))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private String dynamicString(List<Segment> segments, List<Dynamic> dynamic, long index) throws Bad {
        long address = first(dynamic, DT_STRTAB)
                .orElseThrow(() -> new Bad("no string table"))
                .value();
        long size = first(dynamic, DT_STRSZ)
                .orElseThrow(() -> new Bad("string table without a size"))
                .value();
        if (index < 0 || size < 0 || index >= size) {
            throw new Bad("string outside the string table");
        }
        long table = fileOffset(segments, address);
        return string(offset(table, index, 1), size - index);
    }

    private static long fileOffset(List<Segment> segments, long address) throws Bad {
        for (Segment segment : segments) {
            long into = address - segment.address();
            if (segment.type() == PT_LOAD && into >= 0 && address >= 0 && into < segment.size()) {
                return segment.offset() + into;
            }
        }
        throw new Bad("string table outside of every loaded segment");
    }

    private static Optional<Dynamic> first(List<Dynamic> entries, long tag) {
        return entries.stream().filter(entry -> entry.tag() == tag).findFirst();
    }

    /** NUL-terminated within {@code most} bytes. */
    private String string(long at, long most) throws Bad {
        long end = Math.min(bytes.limit(), at + Math.min(most, MAX_STRING + 1L));
        for (long i = at; i < end; i++) {
            if (bytes.get((int) i) == 0) {
                byte[] text = new byte[(int) (i - at)];
                bytes.get((int) at, text);
                return new String(text, UTF_8);
            }
        }
        throw new Bad("string without an end");
    }

    private int unsigned8(long at) throws Bad {
        return Byte.toUnsignedInt(bytes.get((int) offset(at, 0, 1)));
    }

    private int unsigned16(long at) throws Bad {
        return Short.toUnsignedInt(bytes.getShort((int) offset(at, 0, 2)));
    }

    private long unsigned32(long at) throws Bad {
        return Integer.toUnsignedLong(bytes.getInt((int) offset(at, 0, 4)));
    }

    /** An address, offset or size of the file's class; the top bit of a 64-bit one makes it negative, which no check passes. */
    private long word(long at) throws Bad {
        return wide ? bytes.getLong((int) offset(at, 0, 8)) : unsigned32(at);
    }

    /** {@code base + index}, if {@code length} bytes lie there. */
    private long offset(long base, long index, long length) throws Bad {
        long limit = bytes.limit();
        if (base < 0 || base > limit || index < 0 || index > limit - base || length > limit - base - index) {
            throw new Bad("the file ends before offset " + Long.toUnsignedString(base + index) + " + " + length);
        }
        return base + index;
    }
}
