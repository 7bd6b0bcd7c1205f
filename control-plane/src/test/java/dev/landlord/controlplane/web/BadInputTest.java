package dev.landlord.controlplane.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of bad input: one clear error that names the field or object, and nothing changed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private static final String WORKLOAD = "/api/v1/tenants/alice/workloads/shop";

    private RunningControlPlane running;
    private String alice = "";

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        running = RunningControlPlane.start(folder);
        running.operator("PUT", "/api/v1/plans/small", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        alice = running.operator("PUT", "/api/v1/tenants/alice", "{\"plan\":\"small\"}")
                .text("/token");
    }

    @AfterAll
    void stop() {
        running.close();
    }

    static Stream<String[]> workloads() {
        return Stream.of(badFields(), badAmounts(), badShapes(), badNetworks(), badHealth(), badRlimits())
                .flatMap(rows -> rows);
    }

    private static Stream<String[]> badNetworks() {
        return Stream.of(
                row(ports("[80]"), "422 invalid-field /ports/0"),
                row(ports("{}"), "422 invalid-field /ports"),
                row(ports("[null]"), "422 invalid-field /ports/0"),
                row(ports("[{}]"), "422 invalid-field /ports/0/port"),
                row(ports("[{'port':0}]"), "422 invalid-field /ports/0/port"),
                row(ports("[{'port':1},{'port':65536}]"), "422 invalid-field /ports/1/port"),
                row(ports("[{'port':'80'}]"), "422 invalid-field /ports/0/port"),
                row(ports("[{'port':80,'hostPort':0}]"), "422 invalid-field /ports/0/hostPort"),
                row(ports("[{'port':80,'protocol':'icmp'}]"), "422 invalid-field /ports/0/protocol"),
                row(ports("[{'port':80,'protocol':'TCP'}]"), "422 invalid-field /ports/0/protocol"),
                row(ports("[{'port':80,'name':'Web'}]"), "422 invalid-field /ports/0/name"),
                row(ports("[{'port':80,'nam':'web'}]"), "400 unknown-field /ports/0/nam"),
                row(ports("[{'port':80},{'port':81},{'port':80,'name':'b'}]"), "422 invalid-field /ports/2/port"),
                row(ports("[{'port':80,'name':'a'},{'port':81,'name':'a'}]"), "422 invalid-field /ports/1/name"),
                row(
                        ports("[{'port':80,'hostPort':90},{'port':81,'hostPort':90}]"),
                        "422 invalid-field /ports/1/hostPort"),
                row(ports("[" + "{'port':1},".repeat(16) + "{'port':2}]"), "422 invalid-field /ports"),
                row("{'image':'busybox','command':['a'],'network':'bridge'}", "422 invalid-field /network"),
                row("{'image':'busybox','command':['a'],'network':{}}", "422 invalid-field /network"),
                row(
                        "{'image':'busybox','command':['a'],'network':'none','ports':[{'port':80}]}",
                        "422 invalid-field /ports"));
    }

    private static String ports(String ports) {
        return "{'image':'busybox','command':['a'],'network':'routed','ports':" + ports + "}";
    }

    private static Stream<String[]> badHealth() {
        return Stream.of(
                row(health("[]"), "422 invalid-field /health"),
                row(health("{'port':80}"), "422 invalid-field /health/kind"),
                row(health("{'kind':'grpc','port':80}"), "422 invalid-field /health/kind"),
                row(health("{'kind':'tcp'}"), "422 invalid-field /health/port"),
                row(health("{'kind':'tcp','port':65536}"), "422 invalid-field /health/port"),
                row(health("{'kind':'tcp','port':80,'path':'/'}"), "422 invalid-field /health/path"),
                row(health("{'kind':'http','port':80,'path':'x'}"), "422 invalid-field /health/path"),
                row(health("{'kind':'http','port':80,'path':'/%zz'}"), "422 invalid-field /health/path"),
                row(health("{'kind':'http','port':80,'path':'/a|b'}"), "422 invalid-field /health/path"),
                row(health("{'kind':'http','port':80,'path':'/a#b'}"), "422 invalid-field /health/path"),
                row(
                        health("{'kind':'http','port':80,'intervalMillis':99}"),
                        "422 invalid-field /health/intervalMillis"),
                row(
                        health("{'kind':'http','port':80,'intervalMillis':500,'timeoutMillis':501}"),
                        "422 invalid-field /health/timeoutMillis"),
                row(health("{'kind':'tcp','port':80,'healthyAfter':0}"), "422 invalid-field /health/healthyAfter"),
                row(
                        health("{'kind':'tcp','port':80,'unhealthyAfter':101}"),
                        "422 invalid-field /health/unhealthyAfter"),
                row(health("{'kind':'tcp','port':80,'every':1}"), "400 unknown-field /health/every"),
                row(
                        "{'image':'busybox','command':['a'],'network':'none','health':{'kind':'tcp','port':80}}",
                        "422 invalid-field /health"));
    }

    private static String health(String health) {
        return "{'image':'busybox','command':['a'],'network':'routed','health':" + health + "}";
    }

    private static Stream<String[]> badFields() {
        return Stream.of(
                row("{'image':'busybox','command':['a'],'imagee':1}", "400 unknown-field /imagee"),
                row("{'image':'busybox','command':['a'],'resources':{'cpu':1}}", "400 unknown-field /resources/cpu"),
                row("{'image':'busybox','command':['a'],'a/b~c':1}", "400 unknown-field /a~1b~0c"),
                row("{'image':'busybox','command':['a'],'volumes':{}}", "422 unsupported-field /volumes"),
                row("{'image':'busybox','command':['a'],'schedule':null}", "422 unsupported-field /schedule"),
                row("{'image':'busybox','command':['a'],'onDisconnect':'pause'}", "422 invalid-field /onDisconnect"),
                row("{'image':'busybox','command':['a'],'resources':{'io':1}}", "422 unsupported-field /resources/io"),
                row("{'image':'busybox','command':['a'],'kind':'batch'}", "422 unsupported-field /kind"),
                row("{'image':'busybox','command':['a'],'kind':'cron'}", "422 unsupported-field /kind"),
                row("{'image':'busybox','command':['a'],'kind':'daemon'}", "422 unsupported-field /kind"),
                row("{'image':'busybox','command':['a'],'kind':'SERVICE'}", "422 invalid-field /kind"),
                row("{'image':'busybox','command':['a'],'kind':'pod'}", "422 invalid-field /kind"),
                row(
                        "{'image':'busybox','command':['a'],'restart':{'mode':'sometimes'}}",
                        "422 invalid-field /restart/mode"),
                row("{'command':['a']}", "422 invalid-field /image"),
                row("{'image':'busybox'}", "422 invalid-field /command"),
                row("{'image':'busybox','command':[]}", "422 invalid-field /command"),
                row("{'image':'/etc/passwd','command':['a']}", "422 invalid-field /image"),
                row("{'image':'../busybox','command':['a']}", "422 invalid-field /image"),
                row("{'image':'','command':['a']}", "422 invalid-field /image"));
    }

    private static Stream<String[]> badAmounts() {
        return Stream.of(
                row("{'image':'busybox','command':['a'],'replicas':-1}", "422 invalid-field /replicas"),
                row("{'image':'busybox','command':['a'],'replicas':10001}", "422 invalid-field /replicas"),
                row("{'image':'busybox','command':['a'],'replicas':1.5}", "422 invalid-field /replicas"),
                row("{'image':'busybox','command':['a'],'replicas':'1'}", "422 invalid-field /replicas"),
                row("{'image':'busybox','command':['a'],'replicas':1e2}", "422 invalid-field /replicas"),
                row("{'image':'busybox','command':['a'],'replicas':99999999999}", "422 invalid-field /replicas"),
                row("{'image':'busybox','command':['a'],'replicas':true}", "422 invalid-field /replicas"),
                row(
                        "{'image':'busybox','command':['a'],'resources':{'cpuMillis':-5}}",
                        "422 invalid-field /resources/cpuMillis"),
                row(
                        "{'image':'busybox','command':['a'],'resources':{'cpuMillis':0}}",
                        "422 invalid-field /resources/cpuMillis"),
                row(
                        "{'image':'busybox','command':['a'],'resources':{'memoryBytes':1}}",
                        "422 invalid-field /resources/memoryBytes"),
                row(
                        "{'image':'busybox','command':['a'],'resources':{'memoryBytes':9223372036854775807}}",
                        "422 invalid-field /resources/memoryBytes"),
                row(
                        "{'image':'busybox','command':['a'],'resources':{'memoryBytes':9223372036854775808}}",
                        "422 invalid-field /resources/memoryBytes"),
                row("{'image':'busybox','command':['a'],'resources':{'pids':0}}", "422 invalid-field /resources/pids"),
                row(
                        "{'image':'busybox','command':['a'],'resources':{'diskBytes':1}}",
                        "422 invalid-field /resources/diskBytes"),
                row(
                        "{'image':'busybox','command':['a'],'resources':{'inodes':-1}}",
                        "422 invalid-field /resources/inodes"),
                row(
                        "{'image':'busybox','command':['a'],'resources':{'swapBytes':-1}}",
                        "422 invalid-field /resources/swapBytes"),
                row("{'image':'busybox','command':['a'],'resources':[]}", "422 invalid-field /resources"));
    }

    private static Stream<String[]> badRlimits() {
        return Stream.of(
                row(rlimits("[]"), "422 invalid-field /rlimits"),
                row(rlimits("{'nofiles':{'soft':1}}"), "422 invalid-field /rlimits/nofiles"),
                row(rlimits("{'NOFILE':{'soft':1}}"), "422 invalid-field /rlimits/NOFILE"),
                row(rlimits("{'a.b/c':{'soft':1}}"), "422 invalid-field /rlimits/a.b~1c"),
                row(rlimits("{'nofile':{}}"), "422 invalid-field /rlimits/nofile"),
                row(rlimits("{'nofile':null}"), "422 invalid-field /rlimits/nofile"),
                row(rlimits("{'nofile':64}"), "422 invalid-field /rlimits/nofile"),
                row(rlimits("{'nofile':{'soft':-1}}"), "422 invalid-field /rlimits/nofile/soft"),
                row(rlimits("{'nofile':{'hard':-1}}"), "422 invalid-field /rlimits/nofile/hard"),
                row(rlimits("{'nofile':{'hard':'1'}}"), "422 invalid-field /rlimits/nofile/hard"),
                row(rlimits("{'nofile':{'hard':65537}}"), "422 invalid-field /rlimits/nofile/hard"),
                row(rlimits("{'nofile':{'soft':65537}}"), "422 invalid-field /rlimits/nofile/soft"),
                row(rlimits("{'nofile':{'soft':60,'hard':50}}"), "422 invalid-field /rlimits/nofile/soft"),
                row(rlimits("{'nofile':{'hard':31}}"), "422 invalid-field /rlimits/nofile/hard"),
                row(rlimits("{'nproc':{'soft':3}}"), "422 invalid-field /rlimits/nproc/soft"),
                row(rlimits("{'cpu':{'soft':60}}"), "422 invalid-field /rlimits/cpu"),
                row(rlimits("{'nofile':{'max':6}}"), "400 unknown-field /rlimits/nofile/max"),
                row(rlimits("{'core':{'hard':1}}"), "422 invalid-field /rlimits/core/hard"),
                row(rlimits("{'as':{'soft':9223372036854775808}}"), "422 invalid-field /rlimits/as/soft"));
    }

    private static String rlimits(String rlimits) {
        return "{'image':'busybox','command':['a'],'rlimits':" + rlimits + "}";
    }

    private static Stream<String[]> badShapes() {
        return Stream.of(
                row("{'image':5,'command':['a']}", "422 invalid-field /image"),
                row("{'image':'busybox','command':'a'}", "422 invalid-field /command"),
                row("{'image':'busybox','command':[1]}", "422 invalid-field /command/0"),
                row("{'image':'busybox','command':[null]}", "422 invalid-field /command/0"),
                row("{'image':'busybox','command':['a\\u0000b']}", "422 invalid-field /command"),
                row("{'image':'busybox','command':['a'],'env':{'A=B':'c'}}", "422 invalid-field /env"),
                row("{'image':'busybox','command':['a'],'env':{'A':null}}", "422 invalid-field /env/A"),
                row("{'image':'busybox','command':['a'],'env':{'A.B':'\\u0000'}}", "422 invalid-field /env/A.B"),
                row("{'image':'busybox','command':['','a']}", "422 invalid-field /command"),
                row("{'image':'busybox','command':['a'],'user':''}", "422 invalid-field /user"),
                row("{'image':'busybox','command':['a'],'user':'../root'}", "422 invalid-field /user"),
                row("{'image':'busybox','command':['a'],'user':'1:'}", "422 invalid-field /user"),
                row("{'image':'busybox','command':['a'],'init':'yes'}", "422 invalid-field /init"),
                row("{'image':'busybox','command':['a'],'workdir':'tmp'}", "422 invalid-field /workdir"),
                row(
                        "{'image':'busybox','command':['a'],'restart':{'initialBackoffMillis':1}}",
                        "422 invalid-field /restart/initialBackoffMillis"),
                row("{'image':'busybox','command':['a'],'image':'other'}", "400 malformed-body -"),
                row("{'image':'busybox','command':['a']} {}", "400 malformed-body -"),
                row("{'image':'busybox','command':['a']", "400 malformed-body -"),
                row("[]", "400 malformed-body -"),
                row("null", "400 malformed-body -"),
                row("'text'", "400 malformed-body -"),
                row("", "400 malformed-body -"),
                row("{'image':NaN}", "400 malformed-body -"),
                row("{'env':" + "{'a':".repeat(40) + "1" + "}".repeat(41), "422 invalid-field /env/a"),
                row("{'a':".repeat(40) + "1" + "}".repeat(40), "400 malformed-body -"),
                row("{'replicas':" + "9".repeat(5000) + "}", "400 malformed-body -"));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void refusesABadWorkload(String body, String problem) throws IOException {
        Answer answer = running.call("public", alice, "PUT", WORKLOAD, body);
        assertThat(answer.problem()).as(answer.body()).isEqualTo(problem);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text("/detail")).isNotBlank().doesNotContain("java.", "dev.landlord", "tools.jackson");
        assertThat(running.call("public", alice, "GET", WORKLOAD, null).status())
                .isEqualTo(404);
    }

    @Test
    void namesTheRuleAndTheValueThatBrokeIt() throws IOException {
        Answer answer = running.call(
                "public", alice, "PUT", WORKLOAD, "{\"image\":\"busybox\",\"command\":[\"a\"],\"replicas\":-1}");
        assertThat(answer.text("/detail")).isEqualTo("replicas: must be between 0 and 10000, was -1");
        assertThat(answer.text("/errors/0/detail")).isEqualTo("must be between 0 and 10000, was -1");
        assertThat(answer.text("/title")).isEqualTo("Invalid field");
        assertThat(answer.text("/type")).isEqualTo("about:blank");
        assertThat(answer.text("/status")).isEqualTo("422");
    }

    static Stream<String[]> plans() {
        return Stream.of(
                row("{'cpuMillis':1000}", "422 invalid-field /memoryBytes"),
                row("{'memoryBytes':1073741824}", "422 invalid-field /cpuMillis"),
                row("{'cpuMillis':-1,'memoryBytes':1073741824}", "422 invalid-field /cpuMillis"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'cpuWeight':0}", "422 invalid-field /cpuWeight"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'priority':101}", "422 invalid-field /priority"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'trustClass':'../x'}", "422 invalid-field /trustClass"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'network':{}}", "422 unsupported-field /network"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'io':{'weight':9}}", "400 unknown-field /io/weight"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'swapBytes':-1}", "422 invalid-field /swapBytes"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'ioWeight':0}", "422 invalid-field /ioWeight"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'ioWeight':10001}", "422 invalid-field /ioWeight"),
                row(
                        "{'cpuMillis':1000,'memoryBytes':1073741824,'cpuBurstPercent':0}",
                        "422 invalid-field /cpuBurstPercent"),
                row(
                        "{'cpuMillis':1000,'memoryBytes':1073741824,'cpuBurstPercent':101}",
                        "422 invalid-field /cpuBurstPercent"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'io':{}}", "422 invalid-field /io"),
                row(
                        "{'cpuMillis':1000,'memoryBytes':1073741824,'io':{'readOpsPerSecond':1}}",
                        "422 invalid-field /io/readOpsPerSecond"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'network':{}}", "422 unsupported-field /network"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'traffic':{}}", "422 unsupported-field /traffic"),
                row("{'cpuMillis':1000,'memoryBytes':1073741824,'ram':1}", "400 unknown-field /ram"));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void refusesABadPlan(String body, String problem) throws IOException {
        Answer answer = running.operator("PUT", "/api/v1/plans/bad", body);
        assertThat(answer.problem()).as(answer.body()).isEqualTo(problem);
        assertThat(running.operator("GET", "/api/v1/plans/bad", null).problem()).isEqualTo("404 not-found -");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|422 invalid-field /plan",
                "{'plan':'missing'}|422 invalid-field /plan",
                "{'plan':'../small'}|422 invalid-field /plan",
                "{'plan':7}|422 invalid-field /plan",
                "{'plan':'small','priority':99}|400 unknown-field /priority"
            },
            quoteCharacter = '"')
    void refusesABadTenant(String body, String problem) throws IOException {
        Answer answer = running.operator("PUT", "/api/v1/tenants/bad", body.replace('\'', '"'));
        assertThat(answer.problem()).as(answer.body()).isEqualTo(problem);
        assertThat(running.operator("GET", "/api/v1/tenants/bad", null).problem())
                .isEqualTo("404 not-found -");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Alice", "-a", "a_b", "a.b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "%C3%A4", "a:b"})
    void namesTheNameInThePathThatIsNone(String name) throws IOException {
        for (String path : new String[] {"/api/v1/plans/" + name, "/api/v1/tenants/" + name}) {
            Answer answer = running.operator("GET", path, null);
            assertThat(answer.problem()).as(path + answer.body()).startsWith("422 invalid-field {");
            assertThat(answer.text("/detail")).contains("must match");
        }
        assertThat(running.operator("GET", "/api/v1/tenants/alice/workloads/" + name, null)
                        .problem())
                .isEqualTo("422 invalid-field {workload}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/tenants/a%2Fb",
                "/api/v1/tenants/%2e%2e",
                "/api/v1/tenants/%2e%2e%2fplans",
                "/api/v1/tenants/a;b=c",
                "/api/v1/tenants/a%00b",
                "/api/v1/tenants/a%0Ab",
                "/api/v1/tenants/a%25b"
            })
    void refusesAPathThatIsNotMadeOfPlainNames(String path) throws IOException {
        Answer answer = running.operator("GET", path, null);
        assertThat(answer.status()).as(path + " " + answer.body()).isIn(400, 422);
        if (answer.status() == 422) {
            assertThat(answer.problem()).isEqualTo("422 invalid-field {path}");
        }
    }

    @Test
    void refusesABodyThatIsTooLargeWhateverItsHeadersSay() throws IOException {
        String large = "{\"image\":\"" + "x".repeat(1 << 20) + "\"}";
        assertThat(running.call("public", alice, "PUT", WORKLOAD, large).problem())
                .isEqualTo("413 body-too-large -");
        HttpRequest chunked = running.request("public", alice, WORKLOAD)
                .method("PUT", HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(large)))
                .header("Content-Type", "application/json")
                .build();
        assertThat(running.send(chunked).problem()).isEqualTo("413 body-too-large -");
    }

    @Test
    void refusesArgumentsThatNoProgramCouldBeStartedWith() throws IOException {
        String argument = "\"" + "x".repeat(32_000) + "\"";
        String body = "{\"image\":\"busybox\",\"command\":[" + (argument + ",").repeat(4) + argument + "]}";
        assertThat(running.call("public", alice, "PUT", WORKLOAD, body).problem())
                .isEqualTo("422 invalid-field /command");
    }

    @Test
    void refusesABodyOfAnotherType() throws IOException {
        HttpRequest form = running.request("public", alice, WORKLOAD)
                .PUT(HttpRequest.BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .build();
        assertThat(running.send(form).problem()).isEqualTo("400 malformed-body -");
    }

    @ParameterizedTest
    @CsvSource({
        "?limit=0,422 invalid-field ?limit",
        "?limit=1001,422 invalid-field ?limit",
        "?limit=x,422 invalid-field ?limit",
        "?after=-1,422 invalid-field ?after",
        "?tenant=A,422 invalid-field ?tenant",
        "?workload=a/b,422 invalid-field ?workload"
    })
    void namesTheBadParameter(String query, String problem) throws IOException {
        assertThat(running.operator("GET", "/api/v1/events" + query, null).problem())
                .isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "PATCH,/api/v1/plans/small,405 method-not-allowed -",
        "POST,/api/v1/plans/small,405 method-not-allowed -",
        "GET,/api/v1/nothing,404 not-found -",
        "POST,/api/v1/tenants/alice:explode,405 method-not-allowed -",
        "GET,/api/v2/plans,404 not-found -",
        "GET,/api/,404 not-found -",
        "DELETE,/api/v1/plans/missing,404 not-found -",
        "DELETE,/api/v1/tenants/missing,404 not-found -",
        "POST,/api/v1/tenants/missing:suspend,404 not-found -",
        "POST,/api/v1/tenants/missing:resume,404 not-found -",
        "POST,/api/v1/tenants/missing:rotate-token,404 not-found -",
        "GET,/api/v1/tenants/missing/workloads,404 not-found -",
        "DELETE,/api/v1/tenants/alice/workloads/missing,404 not-found -",
        "POST,/api/v1/tenants/alice/workloads/missing:restart,404 not-found -"
    })
    void answersForWhatIsNotThere(String method, String path, String problem) throws IOException {
        assertThat(running.operator(method, path, null).problem()).isEqualTo(problem);
    }

    @Test
    void givesEachRequestAnIdAndTakesAGoodOne() throws IOException {
        Answer own = running.operator("GET", "/api/v1/nothing", null);
        assertThat(own.header("X-Request-Id")).isNotBlank().isEqualTo(own.text("/requestId"));
        HttpRequest given = running.request("public", running.operatorToken(), "/api/v1/nothing")
                .header("X-Request-Id", "abc-1")
                .build();
        assertThat(running.send(given).text("/requestId")).isEqualTo("abc-1");
        HttpRequest bad = running.request("public", running.operatorToken(), "/api/v1/nothing")
                .header("X-Request-Id", "a b<c>")
                .build();
        assertThat(running.send(bad).text("/requestId")).doesNotContain("<");
    }

    private static String[] row(String body, String problem) {
        return new String[] {body.replace('\'', '"'), problem};
    }
}
