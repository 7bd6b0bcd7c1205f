package dev.landlord.runtime.proc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Texts of real kernels, kept as files. */
public final class Fixture {
    private Fixture() {}

    public static String text(String name) {
        try (InputStream in = Objects.requireNonNull(Fixture.class.getResourceAsStream("/proc/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
