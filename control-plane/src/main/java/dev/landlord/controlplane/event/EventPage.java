package dev.landlord.controlplane.event;

import java.util.List;

/**
 * Some events, oldest first.
 *
 * @param next what to give as {@code after} for those that follow
 */
public record EventPage(List<EventView> items, long next) {
    public EventPage {
        items = List.copyOf(items);
    }
}
