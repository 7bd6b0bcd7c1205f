package dev.landlord.runtime.linux;

import com.sun.jna.Pointer;

/** Commands of nft(8) without the program; libnftables(3). For what is done once, not for each sandbox. Thread-safe. */
public final class Nftables {
    private Nftables() {}

    /**
     * Runs commands as one transaction: all or nothing.
     *
     * @return what they printed
     * @throws NftablesFault with the library's words, also if libnftables.so.1 is not on this host
     */
    public static String run(String commands) {
        try {
            Pointer context = NftablesLibrary.nft_ctx_new(0);
            if (context == null) {
                throw new NftablesFault("libnftables has no memory");
            }
            try {
                return run(context, commands);
            } finally {
                NftablesLibrary.nft_ctx_free(context);
            }
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) { // the latter from the second time on
            throw new NftablesFault("libnftables.so.1 is not on this host (Debian: libnftables1)", e);
        }
    }

    private static String run(Pointer context, String commands) {
        NftablesLibrary.nft_ctx_buffer_error(context);
        NftablesLibrary.nft_ctx_buffer_output(context);
        if (NftablesLibrary.nft_run_cmd_from_buffer(context, commands) != 0) {
            throw new NftablesFault(String.valueOf(NftablesLibrary.nft_ctx_get_error_buffer(context)));
        }
        return String.valueOf(NftablesLibrary.nft_ctx_get_output_buffer(context));
    }

    /** The kernel or the library refused. */
    public static final class NftablesFault extends RuntimeException {
        private static final int MAX_REASON = 500;

        NftablesFault(String reason) {
            super(bounded(reason));
        }

        NftablesFault(String reason, Throwable cause) {
            super(bounded(reason), cause);
        }

        private static String bounded(String reason) {
            String line = reason.strip().replaceAll("\\s*\\R\\s*", " ");
            return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON);
        }
    }
}
