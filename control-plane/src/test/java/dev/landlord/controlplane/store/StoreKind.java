package dev.landlord.controlplane.store;

/** The kinds of database on which each test of stored things runs. */
public enum StoreKind {
    SQLITE,
    POSTGRES
}
