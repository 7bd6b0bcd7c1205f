package dev.landlord.cli;

/** The entry point. */
public final class Landlord {
    private Landlord() {}

    public static void main(String[] args) {
        System.exit(args.length == 0 ? 2 : 0);
    }
}
