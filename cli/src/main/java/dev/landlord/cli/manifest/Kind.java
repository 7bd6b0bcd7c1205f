package dev.landlord.cli.manifest;

/** What a document can describe, in the order in which documents are applied: tenants need plans, workloads tenants. */
public enum Kind {
    PLAN("Plan"),
    TENANT("Tenant"),
    WORKLOAD("Workload");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    /** As in a manifest. */
    public String word() {
        return word;
    }
}
