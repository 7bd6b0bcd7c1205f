package dev.landlord.controlplane.label;

import dev.landlord.api.label.LabelSyntax;
import dev.landlord.controlplane.web.ProblemException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a selector as people write it: {@code app=shop,tier!=db,beta,!old,zone in (a,b),zone notin (c)}. The language is that of
 * Kubernetes (documentation, "Labels and Selectors", API).
 */
final class SelectorText {
    private static final int LENGTH_MAX = 1024;
    private static final String FIELD = "?selector";

    /** A comma between parentheses parts values. */
    private static final Pattern BETWEEN = Pattern.compile(",(?![^(]*\\))");

    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(==?|!=)\\s*([^=!]*)");
    private static final Pattern PRESENCE = Pattern.compile("(!?)\\s*([^=!()\\s]+)");

    private SelectorText() {}

    /** Throws invalid-field for what is no selector. */
    static Selector read(String text) {
        if (text.length() > LENGTH_MAX) {
            throw ProblemException.invalidField(FIELD, "may have at most " + LENGTH_MAX + " characters");
        }
        return new Selector(Arrays.stream(BETWEEN.split(text, -1))
                .map(String::strip)
                .map(SelectorText::requirement)
                .toList());
    }

    private static Requirement requirement(String text) {
        Matcher set = SET.matcher(text);
        if (set.matches()) {
            return of(set.group(1), set.group(2).equals("in"), values(set.group(3)));
        }
        Matcher equality = EQUALITY.matcher(text);
        if (equality.matches()) {
            return of(equality.group(1), !equality.group(2).equals("!="), Set.of(value(equality.group(3))));
        }
        Matcher presence = PRESENCE.matcher(text);
        if (presence.matches()) {
            String key = key(presence.group(2));
            return presence.group(1).isEmpty() ? new Requirement.Exists(key) : new Requirement.Absent(key);
        }
        throw ProblemException.invalidField(
                FIELD,
                "must be conditions as app=shop, app!=shop, app in (a,b), app notin (a,b), app or !app, with commas");
    }

    private static Requirement of(String key, boolean in, Set<String> values) {
        return in ? new Requirement.In(key(key), values) : new Requirement.NotIn(key(key), values);
    }

    private static Set<String> values(String text) {
        return List.of(text.split(",", -1)).stream()
                .map(SelectorText::value)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String key(String text) {
        if (!LabelSyntax.isKey(text)) {
            throw ProblemException.invalidField(FIELD, LabelSyntax.keyRule());
        }
        return text;
    }

    private static String value(String text) {
        String value = text.strip();
        if (!LabelSyntax.isValue(value)) {
            throw ProblemException.invalidField(FIELD, LabelSyntax.valueRule());
        }
        return value;
    }
}
