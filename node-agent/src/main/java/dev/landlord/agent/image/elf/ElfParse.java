package dev.landlord.agent.image.elf;

/** What reading a file as ELF gave. */
public sealed interface ElfParse {
    record Parsed(ElfFile file) implements ElfParse {}

    /** It does not begin with the ELF magic number. */
    record NotElf() implements ElfParse {}

    /** It does, but a field contradicts the file or breaks a bound. */
    record Malformed(String reason) implements ElfParse {}
}
