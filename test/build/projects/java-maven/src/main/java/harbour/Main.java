package harbour;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

/** Answers every request with the same sentence. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.createContext("/", exchange -> {
      byte[] answer = "Berth four\n".getBytes();
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    });
    server.start();
  }
}
