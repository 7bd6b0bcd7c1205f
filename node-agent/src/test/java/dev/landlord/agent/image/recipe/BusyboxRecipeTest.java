package dev.landlord.agent.image.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BusyboxRecipeTest {
    @TempDir
    Path temp;

    @Test
    void takesFromTheListingWhatIsAnApplet() {
        assertThat(BusyboxRecipe.parseApplets("""
                bin/busybox
                bin/ash
                bin/ash
                sbin/init
                usr/bin/[[
                usr/sbin/httpd
                linuxrc
                ../../etc/passwd
                bin/../x
                /bin/abs
                bin/a b
                """))
                .containsExactly("bin/ash", "sbin/init", "usr/bin/[[", "usr/sbin/httpd");
    }

    @Test
    void anAbsentBusyboxIsRefusedWithTheRemedy() {
        Path absent = temp.resolve("busybox");

        assertThatThrownBy(() -> new BusyboxRecipe(absent).fingerprint())
                .hasMessage("build busybox image from " + absent
                        + ": no such file; install the Debian package busybox-static");
    }

    @Test
    void aDynamicBusyboxIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> new BusyboxRecipe(Path.of("/bin/ls")).fingerprint())
                .hasMessage("build busybox image from /bin/ls: is not a static ELF program;"
                        + " install the Debian package busybox-static");
    }

    @Test
    void whatIsNoProgramIsRefused() throws IOException {
        Path script = Files.writeString(temp.resolve("busybox"), "#!/bin/sh\n");

        assertThatThrownBy(() -> new BusyboxRecipe(script).fingerprint()).hasMessageContaining("is not a static ELF");
        assertThatThrownBy(() -> new BusyboxRecipe(temp).fingerprint())
                .hasMessageContaining("is a directory, not a file");
    }
}
