package dev.landlord.runtime.netlink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests that change elements of an nftables table of the family inet, all or none, and that read its counters. */
public final class TableMessages {
    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;
    private static final int NFTABLES = 10 << 8;
    private static final int NEW_RULE = NFTABLES | 6;
    private static final int GET_RULE = NFTABLES | 7;
    private static final int NEW_ELEMENTS = NFTABLES | 12;
    private static final int DELETE_ELEMENTS = NFTABLES | 14;
    private static final int NEW_OBJECT = NFTABLES | 18;
    private static final int GET_OBJECT = NFTABLES | 19;

    private static final int FAMILY_INET = 1;

    private static final int LIST_TABLE = 1;
    private static final int LIST_SET = 2;
    private static final int LIST_ELEMENTS = 3;
    private static final int LIST_ELEMENT = 1;
    private static final int ELEMENT_KEY = 1;
    private static final int ELEMENT_DATA = 2;
    private static final int DATA_VALUE = 1;

    private static final int RULE_TABLE = 1;
    private static final int OBJECT_TABLE = 1;
    private static final int OBJECT_NAME = 2;
    private static final int OBJECT_TYPE = 3;
    private static final int OBJECT_DATA = 4;
    private static final int COUNTER = 1;
    private static final int COUNTER_PACKETS = 2;

    /** An attribute's length has 16 bits; an element takes at most some 80 bytes. */
    private static final int ELEMENTS_PER_MESSAGE = 500;

    /**
     * How many elements a batch takes at most: the kernel refuses a larger one than fits in the socket's buffer, which has
     * some 200 KiB if nobody has changed it.
     */
    public static final int MAX_ELEMENTS = 4000;

    private TableMessages() {}

    /** Removes and adds, in one transaction. What is added must not be there, what is removed must be. */
    public static byte[] change(String table, List<Element> remove, List<Element> add) {
        NetlinkWriter out = new NetlinkWriter();
        batch(out, BATCH_BEGIN);
        elements(out, DELETE_ELEMENTS, 0, table, remove);
        elements(out, NEW_ELEMENTS, NetlinkWriter.CREATE | NetlinkWriter.EXCLUSIVE, table, add);
        batch(out, BATCH_END);
        return out.bytes();
    }

    private static void batch(NetlinkWriter out, int type) {
        out.begin(type, 0).u8(0).u8(0).u16(Short.reverseBytes((short) (NFTABLES >> 8)));
    }

    private static void family(NetlinkWriter out) {
        out.u8(FAMILY_INET).u8(0).u16(0);
    }

    private static void elements(NetlinkWriter out, int type, int flags, String table, List<Element> elements) {
        Map<String, List<Element>> bySet = new LinkedHashMap<>();
        elements.forEach(element ->
                bySet.computeIfAbsent(element.set(), set -> new ArrayList<>()).add(element));
        bySet.forEach((set, ofSet) -> {
            for (int from = 0; from < ofSet.size(); from += ELEMENTS_PER_MESSAGE) {
                out.begin(type, flags | NetlinkWriter.ACK);
                family(out);
                out.attribute(LIST_TABLE, table).attribute(LIST_SET, set);
                int list = out.nest(LIST_ELEMENTS);
                ofSet.subList(from, Math.min(ofSet.size(), from + ELEMENTS_PER_MESSAGE))
                        .forEach(element -> element(out, element));
                out.close(list);
            }
        });
    }

    private static void element(NetlinkWriter out, Element element) {
        int item = out.nest(LIST_ELEMENT);
        int key = out.nest(ELEMENT_KEY);
        out.attribute(DATA_VALUE, element.key()).close(key);
        if (element.data().length > 0) {
            int data = out.nest(ELEMENT_DATA);
            out.attribute(DATA_VALUE, element.data()).close(data);
        }
        out.close(item);
    }

    public static byte[] listRules(String table) {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(GET_RULE, NetlinkWriter.DUMP);
        family(out);
        return out.attribute(RULE_TABLE, table).bytes();
    }

    /** How many of them there are. */
    public static long rules(List<NetlinkAnswer> answers) {
        return answers.stream().filter(answer -> answer.type() == NEW_RULE).count();
    }

    public static byte[] listCounters(String table) {
        NetlinkWriter out = new NetlinkWriter();
        out.begin(GET_OBJECT, NetlinkWriter.DUMP);
        family(out);
        out.attribute(OBJECT_TABLE, table).attribute(OBJECT_TYPE, NetlinkWriter.networkOrder(COUNTER));
        return out.bytes();
    }

    /** Packets by the counter's name. */
    public static Map<String, Long> counters(List<NetlinkAnswer> answers) {
        Map<String, Long> counters = new HashMap<>();
        for (NetlinkAnswer answer : answers) {
            if (answer.type() == NEW_OBJECT) {
                Map<Integer, byte[]> attributes = answer.attributes(4);
                byte[] data = attributes.getOrDefault(OBJECT_DATA, new byte[0]);
                byte[] packets = NetlinkAnswer.attributes(data, 0).getOrDefault(COUNTER_PACKETS, new byte[8]);
                counters.put(
                        LinkMessages.text(attributes.getOrDefault(OBJECT_NAME, new byte[0])),
                        ByteBuffer.wrap(packets).getLong());
            }
        }
        return counters;
    }
}
