package dev.landlord.runtime.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The bindings of libnftables(3). */
final class NftablesLibrary {
    static {
        Native.register(NftablesLibrary.class, "libnftables.so.1");
    }

    private NftablesLibrary() {}

    static native @Nullable Pointer nft_ctx_new(int flags);

    static native void nft_ctx_free(Pointer context);

    static native int nft_ctx_buffer_error(Pointer context);

    static native int nft_ctx_buffer_output(Pointer context);

    static native @Nullable String nft_ctx_get_error_buffer(Pointer context);

    static native @Nullable String nft_ctx_get_output_buffer(Pointer context);

    static native int nft_run_cmd_from_buffer(Pointer context, String commands);
}
