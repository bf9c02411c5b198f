// A receiver of the desk's events with Java 17 or newer; JSON is left to a library of yours. Keys: one a line.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Receiver {
    static final Path KEYS_FILE = Path.of(System.getenv().getOrDefault("WEBHOOK_KEYS_FILE", "keys.txt"));
    static final int TOLERANCE_S = 300;
    static final int BODY_BYTES_MAX = 65_536;
    static final byte[] SPKI_OF_ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    // verify
    /** Whether one of our keys signed it within five minutes of now; if not: answer 401. */
    static boolean verified(
            String id, String stamp, String signatures, byte[] body, List<String> keys, long nowSeconds) {
        if (id == null || stamp == null || signatures == null) return false;
        if (!id.matches("[A-Za-z0-9_:-]{1,128}") || !stamp.matches("[0-9]{1,12}")) return false;
        if (Math.abs(nowSeconds - Long.parseLong(stamp)) > TOLERANCE_S) return false;
        byte[] head = (id + "." + stamp + ".").getBytes(StandardCharsets.UTF_8);
        byte[] signed = join(head, body); // the raw bytes, never JSON written again
        for (String key : keys)
            for (String token : signatures.split(" ")) if (fits(key, token, signed)) return true;
        return false;
    }

    /** One key against one signature; what makes no sense does not fit. */
    static boolean fits(String key, String token, byte[] signed) {
        try {
            byte[] bytes = Base64.getDecoder().decode(key.substring(key.indexOf('_') + 1));
            byte[] signature = Base64.getDecoder().decode(token.substring(token.indexOf(',') + 1));
            if (token.startsWith("v1,") && key.startsWith("whsec_")) {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
                return MessageDigest.isEqual(mac.doFinal(signed), signature);
            }
            if (token.startsWith("v1a,") && key.startsWith("whpk_")) {
                Signature check = Signature.getInstance("Ed25519");
                var spec = new X509EncodedKeySpec(join(SPKI_OF_ED25519, bytes));
                check.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(spec));
                check.update(signed);
                return check.verify(signature);
            }
        } catch (Exception wrong) {
            return false;
        }
        return false;
    }

    static byte[] join(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    // end
    /** Read at every event: for a rotation a line is added, later one is taken away, and nothing is restarted. */
    static List<String> keys() throws IOException {
        if (!Files.exists(KEYS_FILE)) return List.of();
        return Files.readString(KEYS_FILE).lines().filter(one -> !one.isBlank()).toList();
    }

    static void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        var headers = exchange.getRequestHeaders();
        String id = headers.getFirst("webhook-id"), stamp = headers.getFirst("webhook-timestamp");
        String signatures = headers.getFirst("webhook-signature");
        long now = System.currentTimeMillis() / 1000;
        if (!exchange.getRequestMethod().equals("POST")) answer(exchange, 405, "");
        else if (body.length > BODY_BYTES_MAX) answer(exchange, 413, "");
        else if (!verified(id, stamp, signatures, body, keys(), now)) answer(exchange, 401, "");
        else take(exchange, new String(body, StandardCharsets.UTF_8));
    }

    static void take(HttpExchange exchange, String event) throws IOException {
        String type = field(event, "type");
        if (type == null) answer(exchange, 400, "");
        else if (type.equals("endpoint.challenge"))
            answer(exchange, 200, "{\"challenge\": \"" + field(event, "challenge") + "\"}");
        else {
            if (type.equals("task.created") || type.equals("task.cancelled")) remember(type, field(event, "task_id"));
            answer(exchange, 204, "");
        }
    }

    /** Stands in for your JSON library: the string of a field whose values never have escapes. */
    static String field(String json, String name) {
        var found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([A-Za-z0-9._-]*)\"").matcher(json);
        return found.find() ? found.group(1) : null;
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Yours: write the task's id to disk, once however often it is told, before the 204 goes out. */
    static void remember(String type, String taskId) {
        System.out.println(type + " " + taskId);
    }

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "0"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 100);
        server.createContext("/", Receiver::receive);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }
}
