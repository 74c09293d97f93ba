// SPDX-License-Identifier: Apache-2.0
import java.io.ByteArrayOutputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSCompressedDataStreamGenerator;
import org.bouncycastle.cms.CMSEnvelopedDataStreamGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.SimpleAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKEMRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.ZlibCompressor;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;

/** Makes CMS objects with BouncyCastle, for us to open. */
final class Maker {
  /** dhSinglePass-stdDH-hkdf-sha256-scheme (RFC 8418 §2.2). */
  private static final ASN1ObjectIdentifier STD_DH_HKDF_SHA256 =
      new ASN1ObjectIdentifier("1.2.840.113549.1.9.16.3.19");

  private Maker() {}

  /**
   * An AuthEnvelopedData for an AEAD, with authenticated attributes where wanted; otherwise an EnvelopedData in BER,
   * with indefinite lengths.
   */
  static byte[] encrypt(String[] certificates, String[] ways, String cipher, boolean attributes, byte[] content)
      throws Exception {
    var recipients = new ArrayList<RecipientInfoGenerator>();
    for (int i = 0; i < certificates.length; i++) {
      var holder = new X509CertificateHolder(BouncyCastle.read(certificates[i]));
      recipients.add(recipient(new JcaX509CertificateConverter().setProvider("BC").getCertificate(holder), ways[i]));
    }
    var encryptor =
        new JceCMSContentEncryptorBuilder(new ASN1ObjectIdentifier(cipher)).setProvider("BC").build();
    if (encryptor instanceof OutputAEADEncryptor aead) {
      var generator = new CMSAuthEnvelopedDataGenerator();
      recipients.forEach(generator::addRecipientInfoGenerator);
      if (attributes) generator.setAuthenticatedAttributeGenerator(new SimpleAttributeTableGenerator(contentType()));
      return generator.generate(new CMSProcessableByteArray(content), aead).getEncoded();
    }
    var generator = new CMSEnvelopedDataStreamGenerator();
    recipients.forEach(generator::addRecipientInfoGenerator);
    var out = new ByteArrayOutputStream();
    try (var stream = generator.open(out, encryptor)) {
      stream.write(content);
    }
    return out.toByteArray();
  }

  private static AttributeTable contentType() {
    var attributes = new ASN1EncodableVector();
    attributes.add(new Attribute(CMSAttributes.contentType, new DERSet(PKCSObjectIdentifiers.data)));
    return new AttributeTable(attributes);
  }

  private static RecipientInfoGenerator recipient(X509Certificate certificate, String how) throws Exception {
    switch (how) {
      case "pkcs1":
        return new JceKeyTransRecipientInfoGenerator(certificate).setProvider("BC");
      case "oaep":
        var oaep = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP, new RSAESOAEPparams());
        return new JceKeyTransRecipientInfoGenerator(certificate, oaep).setProvider("BC");
      case "oaep-sha256":
        return new JceKeyTransRecipientInfoGenerator(
                certificate,
                new JcaAlgorithmParametersConverter()
                    .getAlgorithmIdentifier(
                        PKCSObjectIdentifiers.id_RSAES_OAEP,
                        new OAEPParameterSpec(
                            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT)))
            .setProvider("BC");
      case "ecdh":
        return agreement(certificate, CMSAlgorithm.ECDH_SHA256KDF);
      case "ecdh-sha384":
        return agreement(certificate, CMSAlgorithm.ECDH_SHA384KDF);
      case "ecdh-sha512":
        return agreement(certificate, CMSAlgorithm.ECDH_SHA512KDF);
      case "ecdh-cofactor":
        return agreement(certificate, CMSAlgorithm.ECCDH_SHA384KDF);
      case "ecdh-ukm":
        return agreement(certificate, CMSAlgorithm.ECDH_SHA512KDF).setUserKeyingMaterial(new byte[] {1, 2, 3});
      case "x25519-ukm":
        return agreement(certificate, STD_DH_HKDF_SHA256).setUserKeyingMaterial(new byte[] {1, 2, 3});
      case "x25519":
        return agreement(certificate, STD_DH_HKDF_SHA256);
      case "kem":
        return new JceKEMRecipientInfoGenerator(certificate, CMSAlgorithm.AES256_WRAP)
            .setKDF(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_alg_hkdf_with_sha256))
            .setProvider("BC");
      default:
        throw new CMSException("no such way: " + how);
    }
  }

  private static JceKeyAgreeRecipientInfoGenerator agreement(X509Certificate certificate, ASN1ObjectIdentifier scheme)
      throws Exception {
    KeyPair ephemeral = ephemeral(certificate);
    return new JceKeyAgreeRecipientInfoGenerator(
            scheme, ephemeral.getPrivate(), ephemeral.getPublic(), CMSAlgorithm.AES256_WRAP)
        .addRecipient(certificate)
        .setProvider("BC");
  }

  private static KeyPair ephemeral(X509Certificate certificate) throws Exception {
    if (!(certificate.getPublicKey() instanceof ECPublicKey key)) {
      return KeyPairGenerator.getInstance("X25519", "BC").generateKeyPair();
    }
    var generator = KeyPairGenerator.getInstance("EC", "BC");
    generator.initialize(key.getParams());
    return generator.generateKeyPair();
  }

  static byte[] compress(byte[] content) throws Exception {
    var out = new ByteArrayOutputStream();
    try (var stream = new CMSCompressedDataStreamGenerator().open(out, new ZlibCompressor())) {
      stream.write(content);
    }
    return out.toByteArray();
  }

  /** A SignedData, with the attributes that BouncyCastle puts in. */
  static byte[] sign(
      X509CertificateHolder certificate, PrivateKey key, String algorithm, boolean opaque, byte[] content)
      throws Exception {
    var generator = new CMSSignedDataGenerator();
    var builder = new JcaSimpleSignerInfoGeneratorBuilder().setProvider("BC");
    generator.addSignerInfoGenerator(builder.build(algorithm, key, certificate));
    generator.addCertificate(certificate);
    return generator.generate(new CMSProcessableByteArray(content), opaque).getEncoded();
  }
}
