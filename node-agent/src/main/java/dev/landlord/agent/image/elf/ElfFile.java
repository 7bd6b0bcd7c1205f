package dev.landlord.agent.image.elf;

import java.util.List;
import java.util.Optional;

/**
 * What the loader reads of an ELF file.
 *
 * @param abi what must be equal for two files to be loaded together
 * @param interpreter PT_INTERP: the loader's path
 * @param needed DT_NEEDED, in order
 * @param rpath directories of DT_RPATH, not yet expanded; empty if absent
 * @param runpath likewise DT_RUNPATH
 * @param hasRunpath true also when DT_RUNPATH is present and empty: it switches DT_RPATH off
 * @param noDefaultDirectories DF_1_NODEFLIB: only RPATH and RUNPATH are searched
 */
public record ElfFile(
        Abi abi,
        Optional<String> interpreter,
        List<String> needed,
        List<String> rpath,
        List<String> runpath,
        boolean hasRunpath,
        boolean noDefaultDirectories) {

    public ElfFile {
        needed = List.copyOf(needed);
        rpath = List.copyOf(rpath);
        runpath = List.copyOf(runpath);
    }

    /**
     * @param wordBits 32 or 64
     * @param machine {@code e_machine}, for example 62 for x86-64
     */
    public record Abi(int wordBits, boolean littleEndian, int machine) {}

    /** True when the kernel starts it without any other file. */
    public boolean isStatic() {
        return interpreter.isEmpty() && needed.isEmpty();
    }
}
