package dev.landlord.e2e.chaos;

/**
 * One fault as it was, for the report. Times are counted from the begin of the run.
 *
 * @param target what it struck
 * @param healedAtMillis when nothing of it was left but its consequences
 * @param observed what customers had of it
 */
record FaultRecord(String kind, String target, long atMillis, long healedAtMillis, String observed) {}
