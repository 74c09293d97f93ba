// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Does an operation of S/MIME again and again with BouncyCastle. Reads one request a line from standard input, its words
 * parted by tabs, and answers each in a line, "ok" and a result, or "no" and a reason:
 *
 * prepare OPERATION ALGORITHM PKCS8 SIGNER-CERTIFICATE RECIPIENT-CERTIFICATE,... INPUT
 * once OUT
 * rate SECONDS
 *
 * The JDK does the cryptography where it can, as most of it is faster there than in BouncyCastle's own provider.
 */
public final class BouncyCastleBench {
  private static Operation operation;

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    var requests = new BufferedReader(new InputStreamReader(System.in));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      System.out.println(answer(line.split("\t")));
      System.out.flush();
    }
  }

  private static String answer(String[] words) {
    try {
      switch (words[0]) {
        case "prepare":
          operation = null;
          operation =
              Operations.of(words[1], words[2], read(words[3]), read(words[4]), words[5].split(","), read(words[6]));
          return "ok";
        case "once":
          try (var out = Files.newOutputStream(Path.of(words[1]))) {
            operation.run(out);
          }
          return "ok";
        default:
          return "ok " + rate(Double.parseDouble(words[1]));
      }
    } catch (Exception | OutOfMemoryError failure) {
      Throwable root = failure;
      while (root.getCause() != null) root = root.getCause();
      return ("no " + failure + " because of " + root).replace('\n', ' ');
    }
  }

  private static double rate(double seconds) throws Exception {
    long start = System.nanoTime();
    int done = 0;
    double elapsed = 0;
    do {
      operation.run(OutputStream.nullOutputStream());
      done += 1;
      elapsed = (System.nanoTime() - start) / 1e9;
    } while (elapsed < seconds);
    return done / elapsed;
  }

  static byte[] read(String path) throws Exception {
    return Files.readAllBytes(Path.of(path));
  }
}
