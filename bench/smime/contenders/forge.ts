// SPDX-License-Identifier: Apache-2.0
import forge from 'node-forge';
import { inProcess, type Operation } from '../in-process.ts';
import { cmsIn, enveloped, multipartSigned, partsOf } from '../mime.ts';
import { verifyWithForge } from './forge-verify.ts';

/**
 * node-forge: RSA only, its keys wrapped by PKCS#1 v1.5 as its PKCS#7 knows no OAEP. All cryptography is its own
 * JavaScript. It cannot verify a PKCS#7 signature: that is done by hand with its primitives.
 */
export const forgeContender = inProcess(async (task): Promise<Operation | null> => {
  if (task.alg !== 'rsa-2048') return null;
  const { cast, content, op } = task;
  const key = forge.pki.privateKeyFromPem(cast.key.export({ type: 'pkcs8', format: 'pem' }).toString());
  const signer = forge.pki.certificateFromPem(cast.signer.x509.toString());
  const recipients = cast.recipients
    .slice(0, task.recipients)
    .map(({ x509 }) => forge.pki.certificateFromPem(x509.toString()));
  switch (op) {
    case 'sign':
      return (take) => {
        take(multipartSigned(content, signed(content, signer, key)));
      };
    case 'encrypt':
      return (take) => {
        take(enveloped(encrypted(content, recipients)));
      };
    case 'sign+encrypt':
      return (take) => {
        take(enveloped(encrypted(multipartSigned(content, signed(content, signer, key)), recipients)));
      };
    case 'open+verify': {
      const message = await task.message('rsaes-pkcs1-v1_5');
      return (take) => {
        take(opened(message, recipients[0], key));
      };
    }
  }
});

const binary = (bytes: Buffer) => bytes.toString('latin1');
const octets = (asn1: forge.asn1.Asn1) => Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');

function signed(content: Buffer, certificate: forge.pki.Certificate, key: forge.pki.rsa.PrivateKey): Buffer {
  const data = forge.pkcs7.createSignedData();
  data.content = forge.util.createBuffer(binary(content));
  data.addCertificate(certificate);
  data.addSigner({
    key,
    certificate,
    digestAlgorithm: forge.pki.oids['sha256'] ?? '',
    authenticatedAttributes: [
      { type: forge.pki.oids['contentType'] ?? '', value: forge.pki.oids['data'] ?? '' },
      { type: forge.pki.oids['messageDigest'] ?? '' },
      // Its types want a string here, its code a Date.
      { type: forge.pki.oids['signingTime'] ?? '', value: new Date() as unknown as string },
    ],
  });
  data.sign({ detached: true });
  return octets(data.toAsn1());
}

function encrypted(content: Buffer, recipients: readonly forge.pki.Certificate[]): Buffer {
  const data = forge.pkcs7.createEnvelopedData();
  for (const each of recipients) data.addRecipient(each);
  data.content = forge.util.createBuffer(binary(content));
  data.encrypt();
  return octets(data.toAsn1());
}

function opened(
  message: Buffer,
  certificate: forge.pki.Certificate | undefined,
  key: forge.pki.rsa.PrivateKey,
): Buffer {
  if (certificate === undefined) throw new TypeError('nobody is to open it');
  const data = forge.pkcs7.messageFromAsn1(
    forge.asn1.fromDer(binary(cmsIn(message))),
  ) as forge.pkcs7.PkcsEnvelopedData;
  const recipient = data.findRecipient(certificate);
  if (recipient === null) throw new Error('node-forge found no recipient');
  data.decrypt(recipient, key);
  const entity = (data.content as forge.util.ByteStringBuffer).getBytes();
  const { content, signature } = partsOf(Buffer.from(entity, 'latin1'));
  if (!verifyWithForge(binary(content), binary(signature))) {
    throw new Error('node-forge found the signature wrong');
  }
  return content;
}
