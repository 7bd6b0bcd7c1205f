package dev.landlord.controlplane.scheduler;

import dev.landlord.controlplane.scheduler.Scheduler.Strategy;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** All nodes, those first that the strategy prefers, as the pass goes on. */
final class RoomOrder {
    private final Comparator<NodeRoom> preference;
    private final NodeRoom[] rooms;

    RoomOrder(List<NodeRoom> rooms, Strategy strategy) {
        Comparator<NodeRoom> emptiest = Comparator.comparingDouble(NodeRoom::fullness)
                .thenComparing(
                        Comparator.comparingLong((NodeRoom room) -> room.free().cpuMillis())
                                .reversed());
        this.preference = (strategy == Strategy.SPREAD ? emptiest : emptiest.reversed())
                .thenComparing(room -> room.view.name().value());
        this.rooms = rooms.toArray(NodeRoom[]::new);
        Arrays.sort(this.rooms, preference);
    }

    int size() {
        return rooms.length;
    }

    NodeRoom get(int place) {
        return rooms[place];
    }

    /** The first place of a room that is at most so full, if the fullest come first. */
    int firstNotFullerThan(double fullness) {
        int low = 0;
        int high = rooms.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (rooms[middle].fullness() > fullness) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Lets the room become fuller, and moves it to where it belongs then. */
    void change(NodeRoom room, Runnable take) {
        int from = Arrays.binarySearch(rooms, room, preference);
        take.run();
        boolean later = from + 1 < rooms.length && preference.compare(rooms[from + 1], room) < 0;
        int to = later ? place(room, from + 1, rooms.length) - 1 : place(room, 0, from);
        System.arraycopy(rooms, Math.min(from + 1, to), rooms, Math.min(from, to + 1), Math.abs(to - from));
        rooms[to] = room;
    }

    /** How many of the rooms before {@code end} go before this one; those before {@code start} do. */
    private int place(NodeRoom room, int start, int end) {
        int found = Arrays.binarySearch(rooms, start, end, room, preference);
        return found < 0 ? -found - 1 : found;
    }
}
