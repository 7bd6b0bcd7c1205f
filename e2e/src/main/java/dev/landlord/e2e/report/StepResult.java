package dev.landlord.e2e.report;

/** One line of the report. */
record StepResult(String step, String expected, String observed, boolean ok) {}
