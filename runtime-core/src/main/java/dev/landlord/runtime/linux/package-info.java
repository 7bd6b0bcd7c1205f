/**
 * System calls by way of the C library: the only room that knows JNA. Mirrors the man pages, decides nothing, never forks
 * or changes the namespaces of a thread (the JVM is multi-threaded).
 */
@NullMarked
package dev.landlord.runtime.linux;

import org.jspecify.annotations.NullMarked;
