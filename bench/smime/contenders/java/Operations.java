// SPDX-License-Identifier: Apache-2.0
import java.io.ByteArrayOutputStream;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.SignerInfoGenerator;

/** The operations of the bench; keys and certificates are read once, and so is the input. */
final class Operations {
  private final boolean rsa;
  private final PrivateKey key;
  private final X509CertificateHolder signer;
  private final SignerInfoGenerator signing;
  private final List<X509Certificate> recipients = new ArrayList<>();
  private final byte[] input;

  private Operations(String algorithm, byte[] pkcs8, byte[] signer, String[] recipients, byte[] input)
      throws Exception {
    this.rsa = algorithm.startsWith("rsa");
    var identifier = PrivateKeyInfo.getInstance(pkcs8).getPrivateKeyAlgorithm().getAlgorithm().getId();
    this.key = KeyFactory.getInstance(identifier).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    this.signer = new X509CertificateHolder(signer);
    this.signing = Cms.signing(key, this.signer, rsa);
    for (String path : recipients) {
      var holder = new X509CertificateHolder(BouncyCastleBench.read(path));
      this.recipients.add(new JcaX509CertificateConverter().getCertificate(holder));
    }
    this.input = input;
  }

  static Operation of(
      String name, String algorithm, byte[] pkcs8, byte[] signer, String[] recipients, byte[] input)
      throws Exception {
    var all = new Operations(algorithm, pkcs8, signer, recipients, input);
    switch (name) {
      case "sign":
        return out -> Mime.writeSigned(out, all.input, Cms.sign(all.input, all.signing, all.signer));
      case "encrypt":
        return out -> Mime.writeEnveloped(out, Cms.encrypt(all.input, all.recipients, all.rsa));
      case "sign+encrypt":
        return out -> {
          var entity = new ByteArrayOutputStream(all.input.length + 8192);
          Mime.writeSigned(entity, all.input, Cms.sign(all.input, all.signing, all.signer));
          Mime.writeEnveloped(out, Cms.encrypt(entity.toByteArray(), all.recipients, all.rsa));
        };
      default:
        return out -> {
          var reader = new X509CertificateHolder(all.recipients.get(0).getEncoded());
          var parts = Mime.parts(Cms.decrypt(Mime.cms(all.input), reader, all.key, all.rsa));
          Cms.verify(parts.content(), parts.signature(), all.rsa);
          out.write(parts.content());
        };
    }
  }
}
