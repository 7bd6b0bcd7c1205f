package dev.landlord.e2e.customer;

import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.history.State;
import dev.landlord.e2e.host.ProcessEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Compares what is wanted with the programs that really run on all hosts, by the kernel's word and not the product's. */
public final class Census {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final RestClient operator;
    private final List<Customer> customers;

    public Census(RestClient operator, List<Customer> customers) {
        this.operator = operator;
        this.customers = customers;
    }

    /** Waits until all is as it is to be; what is not, one sentence each. */
    public List<String> await() throws InterruptedException {
        return Eventually.observe(PATIENCE, this::differences, List::isEmpty);
    }

    private List<String> differences() {
        List<String> programs =
                ProcessEntry.all().map(ProcessEntry::commandLine).toList();
        List<String> differences = new ArrayList<>();
        for (Customer customer : customers) {
            List<String> resources = customer.resources();
            for (int i = 0; i < resources.size(); i++) {
                String program = "sleep " + customer.argument(i) + " ";
                compare(
                        resources.get(i),
                        programs.stream().filter(program::equals).count(),
                        differences);
            }
        }
        return differences;
    }

    private void compare(String resource, long running, List<String> differences) {
        JsonNode workload = operator.get(resource).json();
        boolean wanted = !Customer.state(workload).equals(State.ABSENT) && workload.has("spec");
        int replicas = wanted ? workload.path("spec").path("replicas").asInt() : 0;
        int healthy = workload.path("status").path("healthy").asInt();
        if (running != replicas || (wanted && healthy != replicas)) {
            differences.add(resource + " is to have " + replicas + " replicas, " + running + " programs run, and "
                    + healthy + " are said to be healthy: " + workload.path("status"));
        }
    }

    /** What is there in the end. */
    public Map<String, State> states() {
        Map<String, State> states = new LinkedHashMap<>();
        for (Customer customer : customers) {
            for (String resource : customer.resources()) {
                JsonNode workload = operator.get(resource).json();
                states.put(resource, workload.has("spec") ? Customer.state(workload) : State.ABSENT);
            }
        }
        return states;
    }
}
