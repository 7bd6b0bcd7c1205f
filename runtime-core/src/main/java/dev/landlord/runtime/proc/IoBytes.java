package dev.landlord.runtime.proc;

/** Bytes read and written, summed over the block devices. */
public record IoBytes(long read, long written) {
    /** The text of {@code blkio.throttle.io_service_bytes}: lines {@code 254:0 Read 4096}, then a total. */
    public static IoBytes parseV1(String text) {
        long read = 0;
        long written = 0;
        for (String line : text.lines().toList()) {
            String[] fields = line.split(" ", -1);
            if (fields.length != 3) {
                continue; // the line "Total N"
            }
            switch (fields[1]) {
                case "Read" -> read += number(fields[2], line);
                case "Write" -> written += number(fields[2], line);
                default -> {}
            }
        }
        return new IoBytes(read, written);
    }

    /** The text of {@code io.stat}: lines {@code 254:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0}. */
    public static IoBytes parseV2(String text) {
        long read = 0;
        long written = 0;
        for (String line : text.lines().toList()) {
            for (String field : line.split(" ", -1)) {
                if (field.startsWith("rbytes=")) {
                    read += number(field.substring(7), line);
                } else if (field.startsWith("wbytes=")) {
                    written += number(field.substring(7), line);
                }
            }
        }
        return new IoBytes(read, written);
    }

    private static long number(String field, String line) {
        try {
            return Long.parseLong(field);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("io line with a bad number: " + line, e);
        }
    }
}
