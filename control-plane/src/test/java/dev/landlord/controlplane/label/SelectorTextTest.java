package dev.landlord.controlplane.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.controlplane.web.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTextTest {
    private static final Map<String, Map<String, String>> LABELS = new TreeMap<>(Map.of(
            "db", Map.of("app", "shop", "tier", "db"),
            "none", Map.of(),
            "old", Map.of("app", "blog", "old", ""),
            "web", Map.of("app", "shop", "tier", "web", "example.com/team", "a")));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            app=shop                          | db web
            app == shop                       | db web
            app=                              |
            old=                              | old
            app!=shop                         | none old
            app                               | db old web
            !app                              | none
            ! app                             | none
            example.com/team=a                | web
            app=shop,tier!=web                | db
            tier in (web,db)                  | db web
            tier in ( web )                   | web
            tier notin (web,db)               | none old
            tier notin (web)                  | db none old
            tier in (web,db),app,!old         | db web
            app=shop,tier in (web, x),!old    | web
            in in (a)                         |
            """)
    void selects(String text, String expected) {
        Selector selector = SelectorText.read(text);
        List<String> selected = LABELS.entrySet().stream()
                .filter(entry -> selector.selects(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(String.join(" ", selected)).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "app,",
                ",app",
                "app=a=b",
                "=a",
                "app=a b",
                "a b",
                "!",
                "!app=a",
                "app in",
                "app in a",
                "app in (a",
                "app in (a))",
                "app in (a),",
                "-a",
                "app=-",
                "app in (-)",
                "a/b/c",
                "app>1",
                "(app)",
                "app=(a)",
                "app=a,\u0000"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> SelectorText.read(text))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.errors().getFirst().pointer())
                                .isEqualTo("?selector"));
    }

    @Test
    void boundsItsLength() {
        String longest = "a,".repeat(511) + "ab";
        assertThat(SelectorText.read(longest).requirements()).hasSize(512);
        assertThatThrownBy(() -> SelectorText.read(longest + "c")).hasMessageContaining("1024");
    }
}
