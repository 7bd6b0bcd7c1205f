package dev.landlord.controlplane.exec;

import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.exec.ExecTerminal;
import dev.landlord.api.workload.InvalidField;
import dev.landlord.controlplane.web.StrictJson;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked for, as people send it. */
record ExecForm(
        @Nullable List<String> command,
        @Nullable Boolean input,
        @Nullable TerminalForm terminal) {
    record TerminalForm(
            @Nullable Integer rows,
            @Nullable Integer columns,
            @Nullable String type) {
        ExecTerminal read() {
            return new ExecTerminal(
                    rows == null ? 24 : rows, columns == null ? 80 : columns, type == null ? "xterm" : type);
        }
    }

    static ExecSpec read(byte @Nullable [] body) {
        ExecForm form = StrictJson.read(body, ExecForm.class, Set.of());
        if (form.command == null) {
            throw new InvalidField("command", "is required");
        }
        return new ExecSpec(
                form.command, form.input != null && form.input, form.terminal == null ? null : form.terminal.read());
    }
}
