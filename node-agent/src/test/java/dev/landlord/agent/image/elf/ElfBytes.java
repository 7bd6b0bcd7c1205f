package dev.landlord.agent.image.elf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Makes the smallest ELF files that say what a test wants: header, segments, interpreter, dynamic section, strings. */
public final class ElfBytes {
    static final long LOAD_ADDRESS = 0x400000;

    private final boolean wide;
    private final ByteOrder order;
    private final List<long[]> dynamic = new ArrayList<>();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private String interpreter = "";
    private int machine = 62;

    ElfBytes(boolean wide, ByteOrder order) {
        this.wide = wide;
        this.order = order;
        strings.write(0);
    }

    public static ElfBytes x86() {
        return new ElfBytes(true, ByteOrder.LITTLE_ENDIAN);
    }

    public ElfBytes interpreter(String path) {
        interpreter = path;
        return this;
    }

    ElfBytes machine(int number) {
        machine = number;
        return this;
    }

    public ElfBytes needed(String... names) {
        for (String name : names) {
            text(1, name);
        }
        return this;
    }

    ElfBytes text(long tag, String value) {
        return entry(tag, string(value));
    }

    ElfBytes entry(long tag, long value) {
        dynamic.add(new long[] {tag, value});
        return this;
    }

    private long string(String text) {
        long index = strings.size();
        strings.writeBytes(text.getBytes(UTF_8));
        strings.write(0);
        return index;
    }

    public ByteBuffer build() {
        int header = wide ? 64 : 52;
        int segment = wide ? 56 : 32;
        int word = wide ? 8 : 4;
        byte[] interp = (interpreter + "\0").getBytes(UTF_8);
        int interpAt = header + 3 * segment;
        int stringsAt = interpAt + interp.length;
        int dynamicAt = stringsAt + strings.size();
        List<long[]> entries = new ArrayList<>(dynamic);
        entries.add(new long[] {5, LOAD_ADDRESS + stringsAt});
        entries.add(new long[] {10, strings.size()});
        entries.add(new long[] {0, 0});
        int size = dynamicAt + entries.size() * 2 * word;
        ByteBuffer out = ByteBuffer.allocate(size).order(order);
        putHeader(out, header, segment);
        putSegment(out, header, 1, 0, LOAD_ADDRESS, size);
        putSegment(out, header + segment, 2, dynamicAt, LOAD_ADDRESS + dynamicAt, entries.size() * 2L * word);
        putSegment(out, header + 2 * segment, interpreter.isEmpty() ? 0 : 3, interpAt, 0, interp.length);
        out.put(interpAt, interp).put(stringsAt, strings.toByteArray());
        for (int i = 0; i < entries.size(); i++) {
            putWord(out, dynamicAt + i * 2 * word, entries.get(i)[0]);
            putWord(out, dynamicAt + i * 2 * word + word, entries.get(i)[1]);
        }
        return out;
    }

    private void putHeader(ByteBuffer out, int header, int segment) {
        out.put(0, new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1)});
        out.put(5, (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2)).put(6, (byte) 1);
        out.putShort(16, (short) 3).putShort(18, (short) machine);
        putWord(out, wide ? 32 : 28, header);
        out.putShort(wide ? 54 : 42, (short) segment).putShort(wide ? 56 : 44, (short) 3);
    }

    private void putSegment(ByteBuffer out, int at, int type, long offset, long address, long size) {
        out.putInt(at, type);
        putWord(out, wide ? at + 8 : at + 4, offset);
        putWord(out, wide ? at + 16 : at + 8, address);
        putWord(out, wide ? at + 32 : at + 16, size);
    }

    private void putWord(ByteBuffer out, int at, long value) {
        if (wide) {
            out.putLong(at, value);
        } else {
            out.putInt(at, (int) value);
        }
    }
}
