package dev.landlord.cli.render;

import dev.landlord.cli.failure.CommandFailure;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of CPU and bytes, as people write and read them. */
public final class Quantities {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)([A-Za-z]{0,2})");
    private static final Map<String, Long> BYTE_UNITS = Map.of(
            "", 1L,
            "K", 1_000L,
            "M", 1_000_000L,
            "G", 1_000_000_000L,
            "T", 1_000_000_000_000L,
            "Ki", 1L << 10,
            "Mi", 1L << 20,
            "Gi", 1L << 30,
            "Ti", 1L << 40);

    private Quantities() {}

    /** {@code 500m} or {@code 0.5} or {@code 2}: thousandths of a core. */
    public static long parseCpuMillis(String option, String text) {
        return parse(option, text, Map.of("", 1000L, "m", 1L), "cores (0.5) or thousandths of a core (500m)");
    }

    /** {@code 64Mi}, {@code 1.5Gi}, {@code 1G} or plain bytes. */
    public static long parseBytes(String option, String text) {
        return parse(option, text, BYTE_UNITS, "bytes, or a number with Ki, Mi, Gi, Ti, K, M, G or T");
    }

    private static long parse(String option, String text, Map<String, Long> units, String rule) {
        Matcher matcher = AMOUNT.matcher(text);
        if (matcher.matches() && units.containsKey(matcher.group(2))) {
            BigDecimal amount =
                    new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(units.get(matcher.group(2))));
            try {
                return amount.setScale(0, RoundingMode.UNNECESSARY).longValueExact();
            } catch (ArithmeticException ignored) {
                // A part of the smallest unit, or beyond a long: said below.
            }
        }
        throw CommandFailure.usage(option + " " + text + ": must be " + rule);
    }

    /** The shortest exact form, or one decimal: {@code 64Mi}, {@code 1.5Gi}, {@code 1000}. */
    public static String bytes(long bytes) {
        String[] units = {"", "Ki", "Mi", "Gi", "Ti"};
        int unit = 0;
        double amount = bytes;
        while (unit < units.length - 1 && amount >= 1024) {
            amount /= 1024;
            unit++;
        }
        return decimal(amount, 1) + units[unit];
    }

    /** Thousandths of a core as cores: {@code 0.25}, {@code 2}. */
    public static String cores(long cpuMillis) {
        return decimal(cpuMillis / 1000.0, 3);
    }

    /** At most this many digits behind the point, no trailing zeros. */
    public static String decimal(double amount, int digits) {
        String text = String.format(Locale.ROOT, "%." + digits + "f", amount);
        return text.indexOf('.') < 0 ? text : text.replaceAll("\\.?0+$", "");
    }
}
