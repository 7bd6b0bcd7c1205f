package dev.landlord.controlplane.web;

import java.util.List;

/** A list on the wire: an object, so that fields can be added beside the items. */
public record Items<T>(List<T> items) {
    public Items {
        items = List.copyOf(items);
    }
}
