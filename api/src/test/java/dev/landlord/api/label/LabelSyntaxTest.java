package dev.landlord.api.label;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSyntaxTest {
    private static final String LONGEST = "n".repeat(63);

    @ParameterizedTest
    @ValueSource(strings = {"a", "app", "App_1.x-y", "example.com/app", "a-b.c/0", "0"})
    void aKeyIsANameWithPerhapsAPrefix(String key) {
        assertThat(LabelSyntax.isKey(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-a", "a-", "a b", "a/b/c", "/a", "a/", "Example.com/a", "a..b/c", "a=b", "a,b", "ä", "a\n"})
    void nothingElseIsAKey(String key) {
        assertThat(LabelSyntax.isKey(key)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "1.2.3", "A_b-c"})
    void aValueMayBeEmpty(String value) {
        assertThat(LabelSyntax.isValue(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "a/b", "a b", ".a", "a,b", "a\n"})
    void nothingElseIsAValue(String value) {
        assertThat(LabelSyntax.isValue(value)).isFalse();
    }

    @Test
    void allHaveALongestLength() {
        String prefix = ("p".repeat(62) + ".").repeat(4) + "p";
        assertThat(LabelSyntax.isKey(prefix + "/" + LONGEST)).isTrue();
        assertThat(LabelSyntax.isKey(prefix + "p/" + LONGEST)).isFalse();
        assertThat(LabelSyntax.isKey(LONGEST + "n")).isFalse();
        assertThat(LabelSyntax.isValue(LONGEST)).isTrue();
        assertThat(LabelSyntax.isValue(LONGEST + "n")).isFalse();
    }
}
