package dev.landlord.cli.render;

import dev.landlord.cli.terminal.Terminal;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** A list that is printed as it grows: rows under one head, or one document after the other. For one thread. */
public final class GrowingList {
    private final Terminal terminal;
    private final View view;
    private final boolean tabular;
    private final Consumer<JsonNode> document;
    private int[] widths = {};
    private boolean begun;

    GrowingList(Terminal terminal, View view, boolean tabular, Consumer<JsonNode> document) {
        this.terminal = terminal;
        this.view = view;
        this.tabular = tabular;
        this.document = document;
    }

    public void add(List<JsonNode> items) {
        begun = true;
        if (!tabular) {
            items.forEach(document);
        } else if (!items.isEmpty()) {
            Table table = view.table(items, terminal.clock().instant());
            widths = table.print(terminal.out(), widths);
        }
    }

    /** Whether anything was ever added, be it nothing. */
    public boolean hasBegun() {
        return begun;
    }
}
