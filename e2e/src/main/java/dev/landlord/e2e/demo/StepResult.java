package dev.landlord.e2e.demo;

/** One line of the report. */
record StepResult(String step, String expected, String observed, boolean ok) {}
