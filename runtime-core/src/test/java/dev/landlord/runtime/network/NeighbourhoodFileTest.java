package dev.landlord.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Neighbourhood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeighbourhoodFileTest {
    @TempDir
    private Path directory;

    private NeighbourhoodFile file() {
        return new NeighbourhoodFile(directory.resolve("neighbourhood"));
    }

    @Test
    void remembersAll() {
        Neighbourhood told = new Neighbourhood(
                Ipv4Prefix.parse("100.64.0.0/10"),
                Ipv4Prefix.parse("100.64.0.0/22"),
                Map.of(Ipv4Prefix.parse("100.64.4.0/22"), Ipv4.parse("10.9.0.2")),
                Map.of(Ipv4.parse("100.64.4.2"), -7),
                Set.of(Ipv4Prefix.parse("10.9.0.0/24")));
        file().write(told);
        assertThat(file().read()).isEqualTo(told);
        file().write(Neighbourhood.NONE);
        assertThat(file().read()).isEqualTo(Neighbourhood.NONE);
    }

    @Test
    void knowsNothingBeforeItWasTold() {
        assertThat(file().read()).isEqualTo(Neighbourhood.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"peer 100.64.4.2", "peer 100.64.4.2 x", "cluster", "route 100.64.0.0/22 100.64", "cluster 1/2/3"
            })
    void ofADamagedFileNothingIsBelieved(String line) throws IOException {
        Files.writeString(directory.resolve("neighbourhood"), "version 1\nforbidden 10.0.0.0/8\n" + line + "\n");
        assertThat(file().read()).isEqualTo(Neighbourhood.NONE);
    }
}
