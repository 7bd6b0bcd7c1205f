package dev.landlord.runtime.network;

import dev.landlord.runtime.linux.NetlinkSocket.Family;
import dev.landlord.runtime.plan.NetlinkRequest;
import java.util.HexFormat;
import java.util.List;

/** What nf_tables is told of elements: all of a batch or nothing of it. Pure. */
final class SetMessages {
    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    private static final int NF_TABLES = 10;
    private static final int NEW_ELEMENT = NF_TABLES << 8 | 12;
    private static final int DELETE_ELEMENT = NF_TABLES << 8 | 14;

    private static final int CREATE = 0x400;
    private static final int FAMILY_INET = 1;

    private static final int TABLE = 1;
    private static final int SET = 2;
    private static final int ELEMENTS = 3;
    private static final int LIST_ELEMENT = 1;
    private static final int ELEMENT_KEY = 1;
    private static final int ELEMENT_DATA = 2;
    private static final int VALUE = 1;

    private SetMessages() {}

    /** @param removed taken out before the others are put in, so that an element can change its data */
    static Request change(String table, List<Element> removed, List<Element> added) {
        NetlinkBatch batch = new NetlinkBatch();
        batchMark(batch, BATCH_BEGIN);
        removed.forEach(element -> element(batch, DELETE_ELEMENT, 0, table, element));
        added.forEach(element -> element(batch, NEW_ELEMENT, CREATE, table, element));
        batchMark(batch, BATCH_END);
        return new Request(Family.NETFILTER, new NetlinkRequest(batch.bytes(), NetlinkRequest.NO_PID, batch.answers()));
    }

    /** struct nfgenmsg: family, version, and the subsystem in network order. */
    private static void batchMark(NetlinkBatch batch, int type) {
        batch.unanswered(type, 0).u8(0).u8(0).u8(0).u8(NF_TABLES);
    }

    private static void element(NetlinkBatch batch, int type, int flags, String table, Element element) {
        batch.message(type, flags)
                .u8(FAMILY_INET)
                .u8(0)
                .u16(0)
                .attribute(TABLE, table)
                .attribute(SET, element.set())
                .nest(ELEMENTS)
                .nest(LIST_ELEMENT);
        value(batch, ELEMENT_KEY, element.key());
        if (!element.data().isEmpty()) {
            value(batch, ELEMENT_DATA, element.data());
        }
        batch.end().end();
    }

    private static void value(NetlinkBatch batch, int type, String hex) {
        batch.nest(type).attribute(VALUE, HexFormat.of().parseHex(hex)).end();
    }
}
