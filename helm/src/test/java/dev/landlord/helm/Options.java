package dev.landlord.helm;

import io.fabric8.kubernetes.api.model.Container;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The command line options of a container, as the kubelet would hand them over on a host with address 192.0.2.1, to a pod with 192.0.2.2. */
record Options(Map<String, String> values) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\(([A-Z_]+)\\)");
    private static final Map<String, String> FIELDS = Map.of("status.hostIP", "192.0.2.1", "status.podIP", "192.0.2.2");

    static Options of(Container container) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : container.getArgs()) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                throw new AssertionError(argument + " has not the form --NAME=VALUE");
            }
            String name = argument.substring(2, equals);
            if (values.put(name, expanded(argument.substring(equals + 1), container)) != null) {
                throw new AssertionError("the option " + name + " is given twice");
            }
        }
        return new Options(values);
    }

    private static String expanded(String value, Container container) {
        return VARIABLE.matcher(value)
                .replaceAll(match -> container.getEnv().stream()
                        .filter(variable -> variable.getName().equals(match.group(1)))
                        .map(variable ->
                                FIELDS.get(variable.getValueFrom().getFieldRef().getFieldPath()))
                        .findAny()
                        .orElseThrow(() -> new AssertionError(value + " names a variable that the container has not")));
    }

    /** The same, with some given other values. */
    Options with(Map<String, String> others) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        others.forEach((name, value) -> {
            if (changed.replace(name, value) == null) {
                throw new AssertionError("the chart does not set " + name);
            }
        });
        return new Options(changed);
    }

    List<String> arguments() {
        return values.entrySet().stream()
                .map(option -> "--" + option.getKey() + "=" + option.getValue())
                .toList();
    }
}
