package dev.landlord.controlplane.event;

import java.util.List;

/**
 * Some events, oldest first.
 *
 * @param next what to give as {@code after} for those that follow
 */
record EventPage(List<EventView> items, long next) {
    EventPage {
        items = List.copyOf(items);
    }
}
