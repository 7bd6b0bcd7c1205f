package dev.landlord.agent.image.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SharedLibrariesTest {
    private static final int RPATH = 15;
    private static final int RUNPATH = 29;
    private static final String LOADER = "/lib64/ld.so";

    private final ElfFixture host = new ElfFixture();

    @Test
    void aStaticProgramNeedsNothing() throws IOException {
        host.put("/bin/p", ElfBytes.x86());

        assertThat(resolve("/bin/p")).isEqualTo(new LinkResult.Linked(List.of()));
    }

    @Test
    void followsTheWholeClosureOnce() throws IOException {
        host.put(LOADER, ElfBytes.x86())
                .put("/bin/p", ElfBytes.x86().interpreter(LOADER).needed("liba", "libb"))
                .put("/usr/lib/liba", ElfBytes.x86().needed("libc"))
                .put("/usr/lib/libb", ElfBytes.x86().needed("libc", "liba"))
                .put("/lib/x86_64-linux-gnu/libc", ElfBytes.x86().needed("ld.so"));

        assertThat(paths(resolve("/bin/p")))
                .containsExactly(LOADER, "/usr/lib/liba", "/usr/lib/libb", "/lib/x86_64-linux-gnu/libc");
    }

    @Test
    void aLoopOfLibrariesEnds() throws IOException {
        host.put("/bin/p", ElfBytes.x86().needed("liba"))
                .put("/lib/liba", ElfBytes.x86().needed("libb"))
                .put("/lib/libb", ElfBytes.x86().needed("liba"));

        assertThat(paths(resolve("/bin/p"))).containsExactly("/lib/liba", "/lib/libb");
    }

    @Test
    void configuredDirectoriesComeBeforeDefaultsAndRunPathBeforeBoth() throws IOException {
        host.put("/bin/p", ElfBytes.x86().needed("liba", "libb", "libc").text(RUNPATH, "/run"))
                .put("/run/liba", ElfBytes.x86())
                .put("/opt/liba", ElfBytes.x86())
                .put("/opt/libb", ElfBytes.x86())
                .put("/lib/libb", ElfBytes.x86())
                .put("/lib/libc", ElfBytes.x86());

        assertThat(resolve("/bin/p", "/opt"))
                .isEqualTo(new LinkResult.Linked(List.of(
                        new Library("liba", Path.of("/run/liba"), Library.Via.RUN_PATH),
                        new Library("libb", Path.of("/opt/libb"), Library.Via.DIRECTORY),
                        new Library("libc", Path.of("/lib/libc"), Library.Via.DIRECTORY))));
    }

    @Test
    void originIsTheDirectoryOfTheRealProgramAndOfEachLibrary() throws IOException {
        host.realPath("/bin/p", "/opt/app/bin/p")
                .put("/bin/p", ElfBytes.x86().needed("liba").text(RUNPATH, "$ORIGIN/../lib"))
                .put("/opt/app/lib/liba", ElfBytes.x86().needed("libb").text(RUNPATH, "${ORIGIN}/more"))
                .put("/opt/app/lib/more/libb", ElfBytes.x86());

        assertThat(paths(resolve("/bin/p")))
                .containsExactly("/opt/app/bin/../lib/liba", "/opt/app/bin/../lib/more/libb");
    }

    @Test
    void rpathIsInheritedAndRunpathIsNot() throws IOException {
        host.put("/bin/old", ElfBytes.x86().needed("liba").text(RPATH, "/x"))
                .put("/bin/new", ElfBytes.x86().needed("liba").text(RUNPATH, "/x"))
                .put("/x/liba", ElfBytes.x86().needed("libb"))
                .put("/x/libb", ElfBytes.x86());

        assertThat(paths(resolve("/bin/old"))).containsExactly("/x/liba", "/x/libb");
        assertThat(resolve("/bin/new"))
                .isEqualTo(new LinkResult.Unlinkable(
                        Path.of("/x/liba"), "needs the library libb, which is not on this host"));
    }

    @Test
    void runpathSwitchesRpathOff() throws IOException {
        host.put("/bin/p", ElfBytes.x86().needed("liba").text(RPATH, "/r").text(RUNPATH, "/none"))
                .put("/r/liba", ElfBytes.x86())
                .put("/lib/liba", ElfBytes.x86());

        assertThat(paths(resolve("/bin/p"))).containsExactly("/lib/liba");
    }

    @Test
    void aLibraryOfAnotherAbiIsPassedOver() throws IOException {
        host.put("/bin/p", ElfBytes.x86().needed("liba"))
                .put("/a/liba", new ElfBytes(false, ByteOrder.LITTLE_ENDIAN))
                .put("/b/liba", ElfBytes.x86().machine(183))
                .put("/c/liba", new ElfParse.Malformed("torn"))
                .put("/d/liba", ElfBytes.x86());

        assertThat(paths(resolve("/bin/p", "/a", "/b", "/c", "/d"))).containsExactly("/d/liba");
    }

    @Test
    void noDefaultDirectoriesMeansNone() throws IOException {
        host.put("/bin/p", ElfBytes.x86().needed("liba").entry(0x6ffffffbL, 0x800))
                .put("/lib/liba", ElfBytes.x86());

        assertThat(resolve("/bin/p", "/lib")).isInstanceOf(LinkResult.Unlinkable.class);
    }

    @Test
    void relativeAndUnknownTokensAreNotSearched() throws IOException {
        host.put("/bin/p", ElfBytes.x86().needed("liba").text(RUNPATH, "lib:$LIB/x:/y$PLATFORM"))
                .put("lib/liba", ElfBytes.x86());

        assertThat(resolve("/bin/p")).isInstanceOf(LinkResult.Unlinkable.class);
    }

    @Test
    void faultsNameTheirFile() throws IOException {
        host.put("/bin/noloader", ElfBytes.x86().interpreter("/lib/gone.so"))
                .put("/bin/relative", ElfBytes.x86().interpreter("ld.so"))
                .put("/bin/script", new ElfParse.NotElf())
                .put("/bin/path", ElfBytes.x86().needed("sub/liba"));

        assertThat(resolve("/bin/none"))
                .isEqualTo(new LinkResult.Unlinkable(Path.of("/bin/none"), "no such regular file"));
        assertThat(resolve("/bin/noloader"))
                .isEqualTo(new LinkResult.Unlinkable(Path.of("/lib/gone.so"), "no such regular file"));
        assertThat(resolve("/bin/relative"))
                .isEqualTo(new LinkResult.Unlinkable(
                        Path.of("/bin/relative"), "its interpreter ld.so is not an absolute path"));
        assertThat(resolve("/bin/script"))
                .isEqualTo(new LinkResult.Unlinkable(Path.of("/bin/script"), "is not an ELF file"));
        assertThat(resolve("/bin/path"))
                .isEqualTo(new LinkResult.Unlinkable(
                        Path.of("/bin/path"), "needs sub/liba, which is not an absolute path"));
    }

    private LinkResult resolve(String program, String... configured) throws IOException {
        List<Path> directories = List.of(configured).stream().map(Path::of).toList();
        return SharedLibraries.resolve(Path.of(program), directories, host);
    }

    private static List<String> paths(LinkResult result) {
        assertThat(result).isInstanceOf(LinkResult.Linked.class);
        return ((LinkResult.Linked) result)
                .libraries().stream().map(library -> library.path().toString()).toList();
    }
}
