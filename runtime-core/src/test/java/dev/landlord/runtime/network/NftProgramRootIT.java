package dev.landlord.runtime.network;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.SandboxException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loads only what no kernel takes, so that the machine stays as it is. */
@Tag("root")
class NftProgramRootIT {
    @Test
    void tellsTheReasonOfARefusalAlsoWhenTheRefusedLineIsLong() {
        String elements = IntStream.range(0, 50_000)
                .mapToObj(i -> "10.0." + i / 256 + "." + i % 256)
                .collect(Collectors.joining(", "));
        assertThatThrownBy(() -> NftProgram.load("add element inet landlord-nowhere peers { " + elements + " }\n"))
                .isInstanceOf(SandboxException.class)
                .hasMessageStartingWith("load nftables table: nft: ")
                .hasMessageContaining("No such file or directory");
    }
}
