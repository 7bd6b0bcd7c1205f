package dev.landlord.runtime.network;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** nft(8), which turns the text of the table into what the kernel takes, in one transaction. */
final class NftProgram {
    private static final long PATIENCE_SECONDS = 30;
    private static final int MAX_REASON_BYTES = 2000;

    private NftProgram() {}

    /** @throws SandboxException {@code UNSUPPORTED} if there is no such program, or the kernel takes no such table */
    static void load(String text) {
        try {
            Process process = new ProcessBuilder("nft", "-f", "-")
                    .redirectErrorStream(true)
                    .start();
            try {
                // It reads everything before it says anything, so neither side can wait for the other.
                try (var in = process.getOutputStream()) {
                    in.write(text.getBytes(StandardCharsets.US_ASCII));
                }
                String reason =
                        new String(process.getInputStream().readNBytes(MAX_REASON_BYTES), StandardCharsets.UTF_8);
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new SandboxException(Kind.TIMEOUT, "load", "nftables table", "nft does not end");
                }
                if (process.exitValue() != 0) {
                    throw new SandboxException(Kind.UNSUPPORTED, "load", "nftables table", "nft: " + reason.strip());
                }
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new SandboxException(
                    Kind.UNSUPPORTED,
                    "start",
                    "nft",
                    0,
                    "it is not on this host (install the package nftables): " + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException(Kind.TIMEOUT, "load", "nftables table", 0, "interrupted", e);
        }
    }
}
