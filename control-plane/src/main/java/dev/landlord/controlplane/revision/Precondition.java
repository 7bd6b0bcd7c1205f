package dev.landlord.controlplane.revision;

import dev.landlord.api.problem.Problem.FieldError;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.web.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request to change something says about the state that it is meant for. Controllers may take it as a parameter, and
 * check it within the write; the statement that writes then names the number that was checked.
 *
 * @param incarnation of the database
 * @param match tags without quotes, one of which it must be at; {@code *} if it must only exist; absent: any state
 * @param absent true: it must not exist
 */
public record Precondition(String incarnation, @Nullable List<String> match, boolean absent) {
    /** Meant for any state. */
    public static final Precondition NONE = new Precondition("", null, false);

    static final String IF_MATCH = "If-Match";
    static final String IF_NONE_MATCH = "If-None-Match";

    private static final String ANY = "*";
    private static final int HEADER_MAX = 2048;
    private static final Pattern TAG = Pattern.compile("\\G\\s*(W/)?\"([\\x21\\x23-\\x7E]*)\"\\s*(,|$)");

    public Precondition {
        match = match == null ? null : List.copyOf(match);
    }

    /** Reads the two headers; null is an absent one. */
    static Precondition of(String incarnation, @Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifNoneMatch != null && !ifNoneMatch.strip().equals(ANY)) {
            throw ProblemException.invalidField(IF_NONE_MATCH, "must be * where something is changed");
        }
        if (ifMatch != null && ifNoneMatch != null) {
            throw ProblemException.invalidField(IF_NONE_MATCH, "cannot hold together with If-Match");
        }
        return new Precondition(incarnation, ifMatch == null ? null : tags(ifMatch), ifNoneMatch != null);
    }

    /**
     * Throws precondition-failed, which names the current tag, unless the request is meant for this state.
     *
     * @param what for example {@code plan small}
     * @param revision of the row; absent if there is none
     */
    public void check(String what, Optional<Long> revision) {
        if (absent && revision.isPresent()) {
            throw failed(IF_NONE_MATCH, what + " exists already, at " + tag(revision.get()));
        }
        if (match == null) {
            return;
        }
        if (revision.isEmpty()) {
            throw failed(IF_MATCH, what + " does not exist");
        }
        String row = EntityTag.row(incarnation, revision.get());
        if (match.stream().noneMatch(tag -> tag.equals(ANY) || EntityTag.isOf(tag, row))) {
            throw failed(IF_MATCH, what + " is at " + tag(revision.get()) + " now");
        }
    }

    private String tag(long revision) {
        return EntityTag.quoted(EntityTag.row(incarnation, revision));
    }

    private static ProblemException failed(String header, String detail) {
        return new ProblemException(
                ProblemCode.PRECONDITION_FAILED, detail, List.of(new FieldError(header, "does not hold: " + detail)));
    }

    private static List<String> tags(String header) {
        if (header.strip().equals(ANY)) {
            return List.of(ANY);
        }
        if (header.length() > HEADER_MAX) {
            throw ProblemException.invalidField(IF_MATCH, "may have at most " + HEADER_MAX + " characters");
        }
        Matcher matcher = TAG.matcher(header);
        List<String> tags = new ArrayList<>();
        int end = 0;
        while (matcher.find()) {
            // A weak tag names no exact state, so it never matches here.
            if (matcher.group(1) == null) {
                tags.add(matcher.group(2).equals(ANY) ? "" : matcher.group(2));
            }
            end = matcher.end();
        }
        if (end == 0 || end != header.length() || header.stripTrailing().endsWith(",")) {
            throw ProblemException.invalidField(IF_MATCH, "must be * or entity tags in double quotes, by commas");
        }
        return tags;
    }
}
