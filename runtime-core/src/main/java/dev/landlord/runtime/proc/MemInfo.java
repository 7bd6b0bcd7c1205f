package dev.landlord.runtime.proc;

/** The text of {@code /proc/meminfo}, as far as it is asked for. */
public record MemInfo(long totalBytes, long availableBytes, long swapTotalBytes) {
    public static MemInfo parse(String text) {
        return new MemInfo(bytes(text, "MemTotal:"), bytes(text, "MemAvailable:"), bytes(text, "SwapTotal:"));
    }

    private static long bytes(String text, String key) {
        String line = text.lines()
                .filter(l -> l.startsWith(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("meminfo without " + key));
        String amount = line.substring(key.length()).strip();
        try {
            return Math.multiplyExact(1024, Long.parseLong(amount, 0, amount.indexOf(' '), 10));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("meminfo line with a bad number: " + line, e);
        }
    }
}
