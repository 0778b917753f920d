import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Uploads a file of each size, part by part where it is large, completes it, and prints how much heap the service has in use after
 * a collection: {@code java UploadSizes.java BASE_URL PID MB...}, with the secret of {@code bench/uploads} in JWT_SECRET.
 */
public final class UploadSizes {

    private static final Pattern PART =
            Pattern.compile("\"partNumber\":(\\d+),\"uploadUrl\":\"([^\"]+)\",\"size\":(\\d+)");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String api;
    private final String token;

    private UploadSizes(String base) throws Exception {
        this.api = base + "/api/v1/media";
        this.token = token();
    }

    public static void main(String[] args) throws Exception {
        UploadSizes uploads = new UploadSizes(args[0]);
        for (int i = 2; i < args.length; i++) {
            uploads.upload(Long.parseLong(args[i]) * 1_000_000);
            System.out.printf("%6s MB  %s%n", args[i], heap(args[1]));
        }
    }

    private void upload(long size) throws Exception {
        String session = post(
                "/upload-session",
                "{\"mediaType\":\"POST_IMAGE\",\"fileName\":\"a.jpg\",\"fileType\":\"image/jpeg\",\"fileSize\":" + size + "}");
        String id = field(session, "mediaId");
        if (!session.contains("\"uploadId\"")) {
            put(field(session, "uploadUrl"), true, size);
            post("/" + id + "/complete", "");
            return;
        }
        int total = Integer.parseInt(find(session, "\"totalParts\":(\\d+)"));
        String signed = session;
        for (int done = 0; done < total; ) {
            Matcher parts = PART.matcher(signed);
            while (parts.find()) {
                put(parts.group(2), parts.group(1).equals("1"), Long.parseLong(parts.group(3)));
                done = Integer.parseInt(parts.group(1));
            }
            if (done < total) {
                StringBuilder numbers = new StringBuilder();
                for (int part = done + 1; part <= Math.min(total, done + 100); part++) {
                    numbers.append(numbers.isEmpty() ? "" : ",").append(part);
                }
                signed = post("/" + id + "/parts", "{\"partNumbers\":[" + numbers + "]}");
            }
        }
        post("/" + id + "/complete-multipart", "");
    }

    /** Zeros, behind the first bytes of a picture. */
    private void put(String url, boolean first, long size) throws Exception {
        byte[] bytes = new byte[(int) size];
        if (first) {
            byte[] head = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
            System.arraycopy(head, 0, bytes, 0, head.length);
        }
        send(HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "image/jpeg"), "PUT", BodyPublishers.ofByteArray(bytes));
    }

    private String post(String path, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(api + path)).header("Authorization", "Bearer " + token);
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return send(request, "POST", BodyPublishers.ofString(body));
    }

    private String send(HttpRequest.Builder request, String method, BodyPublisher body) throws Exception {
        var answer = client.send(request.method(method, body).build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " " + answer.uri().getPath() + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static String heap(String pid) throws Exception {
        jcmd(pid, "GC.run");
        long used = Pattern.compile("total \\d+K, used (\\d+)K")
                .matcher(jcmd(pid, "GC.heap_info"))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
        return used / 1024 + " MiB";
    }

    private static String jcmd(String pid, String command) throws Exception {
        Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/jcmd", pid, command).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed;
    }

    private static String field(String json, String name) {
        return find(json, "\"" + name + "\":\"([^\"]+)\"");
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private static String token() throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String text = base64.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + base64.encodeToString(("{\"iss\":\"bench\",\"aud\":\"bench\",\"sub\":\"sizes\",\"exp\":"
                                + (System.currentTimeMillis() / 1000 + 3600) + "}")
                        .getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(System.getenv("JWT_SECRET").getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return text + "." + base64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
