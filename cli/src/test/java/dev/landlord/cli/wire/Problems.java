package dev.landlord.cli.wire;

/** Problem documents as the control plane sends them. */
public final class Problems {
    private Problems() {}

    public static String of(int status, String code, String detail) {
        return "{\"type\":\"about:blank\",\"title\":\"x\",\"status\":" + status + ",\"detail\":\"" + detail
                + "\",\"code\":\"" + code + "\",\"errors\":[],\"requestId\":\"r1\"}";
    }

    /** With one error per pair of pointer and detail. */
    public static String ofFields(int status, String code, String... pointersAndDetails) {
        StringBuilder errors = new StringBuilder();
        for (int i = 0; i < pointersAndDetails.length; i += 2) {
            errors.append(errors.isEmpty() ? "" : ",")
                    .append("{\"pointer\":\"")
                    .append(pointersAndDetails[i])
                    .append("\",\"detail\":\"")
                    .append(pointersAndDetails[i + 1])
                    .append("\"}");
        }
        return "{\"type\":\"about:blank\",\"title\":\"x\",\"status\":" + status + ",\"detail\":\"several\",\"code\":\""
                + code + "\",\"errors\":[" + errors + "]}";
    }
}
