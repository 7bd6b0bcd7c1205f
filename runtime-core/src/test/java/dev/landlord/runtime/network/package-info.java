/** The network: its text against a golden file, and on a real kernel several hosts that try to reach what they must not. */
@NullMarked
package dev.landlord.runtime.network;

import org.jspecify.annotations.NullMarked;
