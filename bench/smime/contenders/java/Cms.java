// SPDX-License-Identifier: Apache-2.0
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.List;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultCMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * CMS as BouncyCastle does it. No provider is named, so the first that can does the cryptography; but for signatures with
 * elliptic curves, which BouncyCastle itself does several times as fast as the JDK 17.
 */
final class Cms {
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

  private Cms() {}

  static SignerInfoGenerator signing(PrivateKey key, X509CertificateHolder certificate, boolean rsa)
      throws Exception {
    var signer = new JcaContentSignerBuilder(rsa ? "SHA256withRSA" : "SHA256withECDSA");
    if (!rsa) signer.setProvider("BC");
    return new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
        .build(signer.build(key), certificate);
  }

  static byte[] sign(byte[] content, SignerInfoGenerator signing, X509CertificateHolder signer) throws Exception {
    var generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(signing);
    generator.addCertificate(signer);
    return generator.generate(new CMSProcessableByteArray(content), false).getEncoded();
  }

  static byte[] encrypt(byte[] content, List<X509Certificate> recipients, boolean rsa) throws Exception {
    var generator = new CMSEnvelopedDataGenerator();
    if (rsa) {
      var oaep =
          new JcaAlgorithmParametersConverter()
              .getAlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP, OAEP);
      for (var each : recipients) {
        generator.addRecipientInfoGenerator(new JceKeyTransRecipientInfoGenerator(each, oaep));
      }
    } else {
      generator.addRecipientInfoGenerator(agreement(recipients));
    }
    var cipher = new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC).build();
    return generator.generate(new CMSProcessableByteArray(content), cipher).getEncoded();
  }

  /** One ephemeral key for all, as BouncyCastle offers it. */
  private static JceKeyAgreeRecipientInfoGenerator agreement(List<X509Certificate> recipients) throws Exception {
    var keys = KeyPairGenerator.getInstance("EC");
    keys.initialize(((ECPublicKey) recipients.get(0).getPublicKey()).getParams());
    var ephemeral = keys.generateKeyPair();
    var generator =
        new JceKeyAgreeRecipientInfoGenerator(
            CMSAlgorithm.ECDH_SHA256KDF, ephemeral.getPrivate(), ephemeral.getPublic(), CMSAlgorithm.AES256_WRAP);
    for (var each : recipients) generator.addRecipient(each);
    return generator;
  }

  static byte[] decrypt(byte[] cms, X509CertificateHolder certificate, PrivateKey key, boolean rsa)
      throws Exception {
    var recipient = rsa ? new JceKeyTransEnvelopedRecipient(key) : new JceKeyAgreeEnvelopedRecipient(key);
    for (RecipientInformation each : new CMSEnvelopedData(cms).getRecipientInfos().getRecipients()) {
      @SuppressWarnings("unchecked")
      boolean his = each.getRID().match(certificate);
      if (his) return each.getContent(recipient);
    }
    throw new CMSException("no recipient has this certificate");
  }

  static void verify(byte[] content, byte[] signature, boolean rsa) throws Exception {
    var signed = new CMSSignedData(new CMSProcessableByteArray(content), signature);
    var signers = signed.getSignerInfos().getSigners();
    if (signers.isEmpty()) throw new CMSException("nobody signed");
    for (SignerInformation signer : signers) {
      @SuppressWarnings("unchecked")
      var certificates = signed.getCertificates().getMatches(signer.getSID());
      var certificate = (X509CertificateHolder) certificates.iterator().next();
      var provider = new JcaContentVerifierProviderBuilder();
      if (!rsa) provider.setProvider("BC");
      var verifier =
          new SignerInformationVerifier(
              new DefaultCMSSignatureAlgorithmNameGenerator(),
              new DefaultSignatureAlgorithmIdentifierFinder(),
              provider.build(certificate),
              new JcaDigestCalculatorProviderBuilder().build());
      if (!signer.verify(verifier)) {
        throw new CMSException("a signature is wrong");
      }
    }
  }
}
