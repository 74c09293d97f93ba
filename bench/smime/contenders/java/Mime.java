// SPDX-License-Identifier: Apache-2.0
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** The little MIME around the CMS objects, base64 without line ends, as it is for the other peers. */
final class Mime {
  record Parts(byte[] content, byte[] signature) {}

  private static final String BOUNDARY = "a-boundary-that-is-nowhere-in-the-content";
  private static final byte[] BEFORE =
      ascii(
          "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256;\r\n"
              + " boundary=\"" + BOUNDARY + "\"\r\n\r\n--" + BOUNDARY + "\r\n");
  private static final byte[] BETWEEN =
      ascii(
          "\r\n--" + BOUNDARY + "\r\nContent-Type: application/pkcs7-signature\r\n"
              + "Content-Transfer-Encoding: base64\r\n\r\n");
  private static final byte[] AFTER = ascii("\r\n--" + BOUNDARY + "--\r\n");
  private static final byte[] ENVELOPED =
      ascii(
          "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
              + "Content-Transfer-Encoding: base64\r\n\r\n");
  private static final byte[] EMPTY_LINE = ascii("\r\n\r\n");

  private Mime() {}

  static void writeSigned(OutputStream out, byte[] content, byte[] signature) throws Exception {
    out.write(BEFORE);
    out.write(content);
    out.write(BETWEEN);
    out.write(Base64.getEncoder().encode(signature));
    out.write(AFTER);
  }

  static void writeEnveloped(OutputStream out, byte[] cms) throws Exception {
    out.write(ENVELOPED);
    out.write(Base64.getEncoder().encode(cms));
  }

  static byte[] cms(byte[] message) {
    int body = indexOf(message, EMPTY_LINE, 0) + EMPTY_LINE.length;
    return Base64.getMimeDecoder().decode(Arrays.copyOfRange(message, body, message.length));
  }

  /** Of a multipart/signed entity. */
  static Parts parts(byte[] entity) {
    var header = new String(entity, 0, indexOf(entity, EMPTY_LINE, 0), StandardCharsets.US_ASCII);
    var boundary = header.replaceFirst("(?s).*boundary=\"([^\"]+)\".*", "$1");
    var delimiter = ascii("\r\n--" + boundary);
    int first = indexOf(entity, delimiter, 0) + delimiter.length + 2;
    int end = lastIndexOf(entity, delimiter, entity.length);
    int second = lastIndexOf(entity, delimiter, end);
    return new Parts(Arrays.copyOfRange(entity, first, second), cms(Arrays.copyOfRange(entity, second, end)));
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from) {
    int at = from;
    while (!startsWith(bytes, wanted, at)) at++;
    return at;
  }

  private static int lastIndexOf(byte[] bytes, byte[] wanted, int before) {
    int at = before - wanted.length;
    while (!startsWith(bytes, wanted, at)) at--;
    return at;
  }

  private static boolean startsWith(byte[] bytes, byte[] wanted, int at) {
    return Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
