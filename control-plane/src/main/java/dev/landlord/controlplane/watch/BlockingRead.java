package dev.landlord.controlplane.watch;

import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.query.QueryNames;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.RequestNotes;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Tells with each answer to a read at which revision the store was, and lets a read wait for another one. Blocks a virtual
 * thread, and holds no connection of the store.
 */
final class BlockingRead implements HandlerInterceptor, QueryNames {
    static final String INDEX = "X-Landlord-Index";

    private static final Set<String> NAMES = Set.of("index", "wait");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern WAIT = Pattern.compile("(\\d{1,5})(ms|s)");
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);
    private static final Duration WAIT_DEFAULT = Duration.ofSeconds(30);

    private final Database database;
    private final Watchers watchers;

    BlockingRead(Database database, Watchers watchers) {
        this.database = database;
        this.watchers = watchers;
    }

    @Override
    public Set<String> of(HandlerMethod handler) {
        return canWait(handler) ? NAMES : Set.of();
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        if (handler instanceof HandlerMethod method
                && canWait(method)
                && request.getDispatcherType() == DispatcherType.REQUEST) {
            await(request);
            // Before it is read: what is committed in between is told once more, and never left out.
            response.setHeader(INDEX, Long.toString(database.revision()));
        }
        return true;
    }

    /** A stream waits by itself. */
    private static boolean canWait(HandlerMethod handler) {
        RequestMapping mapping = handler.getMethodAnnotation(RequestMapping.class);
        return mapping != null
                && Arrays.asList(mapping.method()).contains(RequestMethod.GET)
                && !Watches.isStream(handler);
    }

    private void await(HttpServletRequest request) throws IOException {
        String index = request.getParameter("index");
        String wait = request.getParameter("wait");
        IdentityToken caller = RequestNotes.caller(request);
        if (index != null && caller != null) {
            await(caller.getName(), number(index), time(wait));
        } else if (wait != null) {
            throw ProblemException.invalidField("?wait", "needs ?index, after which to wait");
        }
    }

    private void await(String holder, long index, Duration most) throws IOException {
        try {
            if (!watchers.await(holder, index, most)) {
                throw watchers.full();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the control plane is closing");
        }
    }

    private static long number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw ProblemException.invalidField("?index", "must be a number that an answer had in " + INDEX);
        }
        return Long.parseLong(text);
    }

    private static Duration time(@Nullable String text) {
        if (text == null) {
            return WAIT_DEFAULT;
        }
        Matcher matcher = WAIT.matcher(text);
        if (!matcher.matches()) {
            throw ProblemException.invalidField("?wait", "must be a time as 500ms or 30s");
        }
        long number = Long.parseLong(matcher.group(1));
        Duration wait = matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
        if (wait.compareTo(WAIT_MAX) > 0) {
            throw ProblemException.invalidField("?wait", "may be at most " + WAIT_MAX.toSeconds() + "s");
        }
        return wait;
    }
}
