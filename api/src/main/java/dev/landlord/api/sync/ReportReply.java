package dev.landlord.api.sync;

/**
 * The answer to a report.
 *
 * @param acknowledged the sequence that was taken
 * @param nextReportMillis when the agent should report again if nothing changes
 * @param leaseMillis how long the agent may keep running lease-bound workloads, from the moment it sent the report
 * @param resend true: the server does not know this agent run; the next report must be complete
 */
public record ReportReply(long acknowledged, long nextReportMillis, long leaseMillis, boolean resend) {}
