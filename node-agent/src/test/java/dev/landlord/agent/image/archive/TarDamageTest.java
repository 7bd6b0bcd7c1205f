package dev.landlord.agent.image.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.Ownership;
import dev.landlord.agent.image.tree.TreeLimits;
import dev.landlord.agent.image.tree.TreeRemoval;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random damage to an archive leads to one kind of answer or to a tree inside of the root, and never to anything else. */
final class TarDamageTest {
    private static final TreeLimits SMALL = new TreeLimits(50, 100_000, 8, 100, 300);
    private static final int ROUNDS = 200;
    /** Headers and contents; zeros follow. */
    private static final int MEANINGFUL_BYTES = 5 * 1024;

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void damageIsAlwaysAnswered(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path root = Files.createDirectory(temp.resolve("root"));
        Path archive = temp.resolve("image.tar");
        byte[] whole = new TarBytes()
                .directory("d")
                .file("d/a", "x".repeat(700))
                .symlink("d/l", "a")
                .hardLink("h", "d/a")
                .file("n".repeat(90) + "/" + "m".repeat(90), "long")
                .build();
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(1, 8); i > 0; i--) {
                damaged[random.nextInt(MEANINGFUL_BYTES)] = byteOf(random);
            }
            Files.write(archive, damaged);
            refused += refuses(archive, root) ? 1 : 0;
            assertThat(temp.toFile().list())
                    .as("seed %d round %d", seed, round)
                    .containsExactlyInAnyOrder("root", "image.tar");
            TreeRemoval.empty(root);
        }
        assertThat(refused).as("rounds in which the damage mattered").isGreaterThan(ROUNDS / 4);
    }

    private static boolean refuses(Path archive, Path root) throws IOException {
        try {
            TarExtraction.extract(archive, new TreeWriter(root, SMALL, Ownership.CALLER));
            return false;
        } catch (ImageException e) {
            assertThat(e).hasMessageStartingWith("extract " + archive + ": ");
            return true;
        }
    }

    private static byte byteOf(SplittableRandom random) {
        byte[] values = {0, ' ', '/', '.', '0', '7', '9', 'x', 'K', 'L', (byte) 0x80, (byte) 0xff};
        return values[random.nextInt(values.length)];
    }
}
