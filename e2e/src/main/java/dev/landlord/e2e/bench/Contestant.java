package dev.landlord.e2e.bench;

import java.io.IOException;

/** Something that can launch one confined program and take it away again. */
interface Contestant extends AutoCloseable {
    /** Part of the figures' names: lower case, no spaces. */
    String name();

    /** Launches once; an {@link IOException} says why it cannot. */
    Launch launch() throws IOException;

    /** Ends what was started for it and removes its files. */
    @Override
    void close() throws IOException;
}
