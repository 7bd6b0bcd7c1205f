package dev.landlord.controlplane.exec;

import dev.landlord.api.exec.AttachSpec;
import dev.landlord.controlplane.web.StrictJson;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked for, as people send it: an empty object without a terminal. */
record AttachForm(ExecForm.@Nullable TerminalForm terminal) {
    static AttachSpec read(byte @Nullable [] body) {
        AttachForm form = StrictJson.read(body, AttachForm.class, Set.of());
        return new AttachSpec(form.terminal == null ? null : form.terminal.read());
    }
}
