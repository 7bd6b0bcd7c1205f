package dev.landlord.api.label;

import java.util.regex.Pattern;

/**
 * The rules of keys and values of labels: those of Kubernetes, so that tools which know these can be used (Kubernetes
 * documentation, "Labels and Selectors", syntax and character set).
 */
public final class LabelSyntax {
    private static final int PREFIX_MAX = 253;
    private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
    private static final String DNS_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern KEY = Pattern.compile("(?:(" + DNS_LABEL + "(?:\\." + DNS_LABEL + ")*)/)?" + NAME);
    private static final Pattern VALUE = Pattern.compile("(?:" + NAME + ")?");

    private LabelSyntax() {}

    /** Whether it is {@code name} or {@code prefix/name}: a name of 1 to 63 characters, a prefix that is a DNS name. */
    public static boolean isKey(String text) {
        return text.length() <= PREFIX_MAX + 64 && KEY.matcher(text).matches() && text.indexOf('/') <= PREFIX_MAX;
    }

    /** Whether it is empty, or 1 to 63 characters that begin and end with a letter or digit. */
    public static boolean isValue(String text) {
        return VALUE.matcher(text).matches();
    }

    /** In words, for who is refused. */
    public static String keyRule() {
        return "keys must have the form name or prefix/name: letters, digits, '-', '_' and '.', at most 63 in a name";
    }

    /** In words, for who is refused. */
    public static String valueRule() {
        return "values must be at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends";
    }
}
