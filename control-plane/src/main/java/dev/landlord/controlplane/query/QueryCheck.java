package dev.landlord.controlplane.query;

import dev.landlord.controlplane.web.ProblemException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses parameters that the path does not have, and those that are given twice: one that is misspelt would otherwise answer
 * another question than was asked.
 */
final class QueryCheck implements HandlerInterceptor {
    private static final int SHOWN_MAX = 40;

    private final List<QueryNames> rooms;
    private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

    QueryCheck(List<QueryNames> rooms) {
        this.rooms = List.copyOf(rooms);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method && request.getDispatcherType() == DispatcherType.REQUEST) {
            check(request.getParameterMap(), method);
        }
        return true;
    }

    private void check(Map<String, String[]> given, HandlerMethod method) {
        if (given.isEmpty()) {
            return;
        }
        Set<String> known = known(method);
        given.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw ProblemException.invalidField("?" + shown(name), "is not one of this path's: " + known);
            }
            if (values.length > 1) {
                throw ProblemException.invalidField("?" + name, "may be given once, was " + values.length + " times");
            }
        });
    }

    private Set<String> known(HandlerMethod method) {
        Set<String> known = new TreeSet<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
            if (query != null) {
                known.add(name(parameter, query));
            }
        }
        rooms.forEach(room -> known.addAll(room.of(method)));
        return known;
    }

    private String name(MethodParameter parameter, RequestParam query) {
        if (!query.name().isEmpty()) {
            return query.name();
        }
        parameter.initParameterNameDiscovery(names);
        return Objects.requireNonNull(parameter.getParameterName(), "the compiler keeps names of parameters");
    }

    private static String shown(String name) {
        return name.length() <= SHOWN_MAX ? name : name.substring(0, SHOWN_MAX) + "...";
    }
}
