/**
 * Which files a program needs to start: reads ELF and the loader's configuration, and resolves the closure of shared
 * libraries by the loader's own rules. Pure: files come in as bytes, answers go out as data. Input is hostile; every count,
 * offset and length is checked. Never runs a program or its loader to find out.
 */
@NullMarked
package dev.landlord.agent.image.elf;

import org.jspecify.annotations.NullMarked;
