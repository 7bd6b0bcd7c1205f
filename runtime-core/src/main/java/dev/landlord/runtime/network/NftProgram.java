package dev.landlord.runtime.network;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** nft(8), which turns the text of the table into what the kernel takes, in one transaction. */
final class NftProgram {
    private static final Logger LOG = LoggerFactory.getLogger(NftProgram.class);
    private static final String OBJECT = "nftables table";
    private static final long PATIENCE_SECONDS = 30;
    private static final int MAX_REASON_BYTES = 2000;

    private NftProgram() {}

    /** @throws SandboxException {@code UNSUPPORTED} if there is no such program, or the kernel takes no such table */
    static void load(String text) {
        Process process = start();
        // Reading what it says would wait for it without an end.
        CompletableFuture<Process> end = process.onExit()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((ended, late) -> {
                    if (late != null) {
                        process.destroyForcibly();
                    }
                });
        try {
            String said = converse(process, text);
            if (end.get().exitValue() != 0) {
                throw new SandboxException(Kind.UNSUPPORTED, "load", OBJECT, "nft: " + said);
            }
        } catch (ExecutionException e) {
            throw new SandboxException(
                    Kind.TIMEOUT, "load", OBJECT, 0, "nft has not ended after " + PATIENCE_SECONDS + " s", e);
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "load", OBJECT, 0, "nft: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException(Kind.TIMEOUT, "load", OBJECT, 0, "interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start() {
        try {
            return new ProcessBuilder("nft", "-f", "-")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new SandboxException(
                    Kind.UNSUPPORTED,
                    "start",
                    "nft",
                    0,
                    "it is not on this host (install the package nftables): " + e.getMessage(),
                    e);
        }
    }

    /** It reads everything before it says anything, so neither side can wait for the other. Returns the beginning of it. */
    private static String converse(Process process, String text) throws IOException {
        try (var in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOG.debug("nft ended before it had read all; what it says is the reason", e);
        }
        try (var out = process.getInputStream()) {
            String said = new String(out.readNBytes(MAX_REASON_BYTES), StandardCharsets.UTF_8);
            // It repeats the line it dislikes, which can be as long as all that was told, and waits until that is read.
            out.transferTo(OutputStream.nullOutputStream());
            return said.strip();
        }
    }
}
