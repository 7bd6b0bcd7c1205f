package dev.landlord.controlplane.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ListFeedTest {
    private record Item(String name, int size) {}

    private final Map<String, Item> list = new TreeMap<>();
    private final ListFeed<Item> feed = new ListFeed<>(
            () -> List.copyOf(list.values()), Item::name, JsonMapper.builder().build());

    @Test
    void tellsAllAtFirstAndThenWhatIsAnother() {
        put("a", 1);
        put("b", 1);
        assertThat(told(7))
                .containsExactly(
                        "reset {}",
                        "put {\"name\":\"a\",\"size\":1}",
                        "put {\"name\":\"b\",\"size\":1}",
                        "synced {\"index\":7}");
        assertThat(told(8)).as("nothing is new").isEmpty();
        put("b", 2);
        put("c", 1);
        list.remove("a");
        assertThat(told(9))
                .containsExactly(
                        "put {\"name\":\"b\",\"size\":2}",
                        "put {\"name\":\"c\",\"size\":1}",
                        "gone {\"key\":\"a\"}",
                        "synced {\"index\":9}");
        put("a", 1);
        assertThat(told(10))
                .as("it is back")
                .containsExactly("put {\"name\":\"a\",\"size\":1}", "synced {\"index\":10}");
    }

    @Test
    void tellsThatAnEmptyListIsEmpty() {
        assertThat(told(1)).containsExactly("reset {}", "synced {\"index\":1}");
        assertThat(told(2)).isEmpty();
    }

    private void put(String name, int size) {
        list.put(name, new Item(name, size));
    }

    private List<String> told(long index) {
        return feed.next(index).frames().stream()
                .map(frame -> frame.event() + " " + frame.data())
                .toList();
    }
}
