// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Security;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.cms.AuthEnvelopedData;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.KEMRecipientInformation;
import org.bouncycastle.cms.KeyAgreeRecipientInformation;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.RecipientInformationStore;
import org.bouncycastle.cms.RecipientOperator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceKEMEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKEMRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Opens and makes CMS objects with BouncyCastle. Reads one request a line from standard input, its words parted by tabs, and
 * answers each in a line, "ok" or "no" and a reason:
 *
 * decrypt CMS CERTIFICATE PKCS8 OUT
 * verify CMS CONTENT-OR-DASH OUT
 * encrypt CERTIFICATE,... WAY,... CIPHER ATTRIBUTES-OR-DASH CONTENT OUT
 * compress CONTENT OUT
 * sign CERTIFICATE PKCS8 ALGORITHM FORM CONTENT OUT
 */
public final class BouncyCastle {
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
      if (words[0].equals("decrypt")) {
        write(words[4], decrypt(read(words[1]), new X509CertificateHolder(read(words[2])), key(read(words[3]))));
        return "ok";
      }
      if (words[0].equals("encrypt")) {
        boolean attributes = !words[4].equals("-");
        write(words[6], Maker.encrypt(words[1].split(","), words[2].split(","), words[3], attributes, read(words[5])));
        return "ok";
      }
      if (words[0].equals("compress")) {
        write(words[2], Maker.compress(read(words[1])));
        return "ok";
      }
      if (words[0].equals("sign")) {
        var certificate = new X509CertificateHolder(read(words[1]));
        boolean opaque = words[4].equals("opaque");
        write(words[6], Maker.sign(certificate, key(read(words[2])), words[3], opaque, read(words[5])));
        return "ok";
      }
      write(words[3], verify(read(words[1]), words[2].equals("-") ? null : read(words[2])));
      return "ok";
    } catch (Exception failure) {
      Throwable root = failure;
      while (root.getCause() != null) root = root.getCause();
      return ("no " + failure + " because of " + root).replace('\n', ' ');
    }
  }

  private static byte[] decrypt(byte[] cms, X509CertificateHolder certificate, PrivateKey key) throws Exception {
    var type = ContentInfo.getInstance(cms).getContentType();
    boolean authenticated = type.equals(CMSObjectIdentifiers.authEnvelopedData);
    RecipientInformationStore recipients =
        authenticated
            ? new CMSAuthEnvelopedData(cms).getRecipientInfos()
            : new CMSEnvelopedData(cms).getRecipientInfos();
    for (RecipientInformation information : recipients.getRecipients()) {
      @SuppressWarnings("unchecked")
      boolean his = information.getRID().match(certificate);
      if (!his) continue;
      if (authenticated && information instanceof KEMRecipientInformation) return openByKem(cms, information, key);
      return information.getContent(recipient(information, authenticated, key));
    }
    throw new CMSException("no recipient has this certificate");
  }

  private static Recipient recipient(RecipientInformation information, boolean authenticated, PrivateKey key) {
    if (information instanceof KEMRecipientInformation) return new JceKEMEnvelopedRecipient(key).setProvider("BC");
    if (information instanceof KeyAgreeRecipientInformation) {
      return authenticated
          ? new JceKeyAgreeAuthEnvelopedRecipient(key).setProvider("BC")
          : new JceKeyAgreeEnvelopedRecipient(key).setProvider("BC");
    }
    return authenticated
        ? new JceKeyTransAuthEnvelopedRecipient(key).setProvider("BC")
        : new JceKeyTransEnvelopedRecipient(key).setProvider("BC");
  }

  /** BouncyCastle unwraps by KEM for EnvelopedData only: the key comes from it, the AEAD is asked here. */
  private static byte[] openByKem(byte[] cms, RecipientInformation information, PrivateKey key) throws Exception {
    var data = AuthEnvelopedData.getInstance(ContentInfo.getInstance(cms).getContent());
    var content = data.getAuthEncryptedContentInfo();
    var contentKey = new Key[1];
    var recipient =
        new JceKEMRecipient(key) {
          public RecipientOperator getRecipientOperator(
              AlgorithmIdentifier keyEncryption, AlgorithmIdentifier contentEncryption, byte[] encrypted)
              throws CMSException {
            contentKey[0] = extractSecretKey(keyEncryption, contentEncryption, encrypted);
            throw new CMSException("key taken");
          }
        };
    recipient.setProvider("BC");
    try {
      information.getContent(recipient);
    } catch (CMSException taken) {
      if (contentKey[0] == null) throw taken;
    }
    var parameters = content.getContentEncryptionAlgorithm().getParameters();
    boolean gcm = !(parameters instanceof ASN1OctetString);
    var nonce =
        ASN1OctetString.getInstance(gcm ? ASN1Sequence.getInstance(parameters).getObjectAt(0) : parameters).getOctets();
    var cipher = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305", "BC");
    cipher.init(
        Cipher.DECRYPT_MODE, contentKey[0], gcm ? new GCMParameterSpec(128, nonce) : new IvParameterSpec(nonce));
    cipher.update(new byte[0]);
    var ciphertext = content.getEncryptedContent().getOctets();
    var mac = data.getMac().getOctets();
    var sealed = new byte[ciphertext.length + mac.length];
    System.arraycopy(ciphertext, 0, sealed, 0, ciphertext.length);
    System.arraycopy(mac, 0, sealed, ciphertext.length, mac.length);
    return cipher.doFinal(sealed);
  }

  private static byte[] verify(byte[] cms, byte[] content) throws Exception {
    var signed =
        content == null ? new CMSSignedData(cms) : new CMSSignedData(new CMSProcessableByteArray(content), cms);
    var signers = signed.getSignerInfos().getSigners();
    if (signers.isEmpty()) throw new CMSException("nobody signed");
    for (SignerInformation signer : signers) {
      @SuppressWarnings("unchecked")
      var certificates = signed.getCertificates().getMatches(signer.getSID());
      var certificate = (X509CertificateHolder) certificates.iterator().next();
      var verifier = new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate);
      if (!signer.verify(verifier)) throw new CMSException("a signature is wrong");
    }
    return (byte[]) signed.getSignedContent().getContent();
  }

  private static PrivateKey key(byte[] pkcs8) throws Exception {
    var algorithm = PrivateKeyInfo.getInstance(pkcs8).getPrivateKeyAlgorithm().getAlgorithm().getId();
    return KeyFactory.getInstance(algorithm, "BC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  static byte[] read(String path) throws Exception {
    return Files.readAllBytes(Path.of(path));
  }

  private static void write(String path, byte[] bytes) throws Exception {
    Files.write(Path.of(path), bytes);
  }
}
