// SPDX-License-Identifier: Apache-2.0
import { webcrypto } from 'node:crypto';
import { OctetString, UTCTime, ObjectIdentifier } from 'asn1js';
import * as pkijs from 'pkijs';
import type { Task } from '../contender.ts';
import { inProcess, type Operation } from '../in-process.ts';
import { cmsIn, enveloped, multipartSigned, partsOf } from '../mime.ts';

const DIGEST = 'SHA-256';
const SUBTLE = {
  'rsa-2048': { name: 'RSASSA-PKCS1-v1_5', hash: DIGEST },
  'p-256': { name: 'ECDSA', namedCurve: 'P-256' },
} as const;
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';
/** How pkijs numbers its ways: key transport and key agreement. */
const VARIANT = { 'rsa-2048': 1, 'p-256': 2 } as const;

const engine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto });

/** pkijs over Node's WebCrypto: the same OpenSSL beneath, another format above. */
export const pkijsContender = inProcess(async (task): Promise<Operation> => {
  pkijs.setEngine('node', engine);
  const { cast, content, op } = task;
  const pkcs8 = cast.key.export({ type: 'pkcs8', format: 'der' });
  const signer = certificateFrom(cast.signer.der);
  const key = await webcrypto.subtle.importKey('pkcs8', pkcs8, SUBTLE[task.alg], false, ['sign']);
  const recipients = cast.recipients.slice(0, task.recipients).map(({ der }) => certificateFrom(der));
  const signAndEncrypt = async () =>
    enveloped(
      await encrypted(multipartSigned(content, await signed(content, signer, key)), recipients, task),
    );
  switch (op) {
    case 'sign':
      return async (take) => {
        take(multipartSigned(content, await signed(content, signer, key)));
      };
    case 'encrypt':
      return async (take) => {
        take(enveloped(await encrypted(content, recipients, task)));
      };
    case 'sign+encrypt':
      return async (take) => {
        take(await signAndEncrypt());
      };
    case 'open+verify': {
      // It opens no key agreement without a ukm, which is what everybody else makes: it gets one of its own.
      const message = task.alg === 'p-256' ? await signAndEncrypt() : await task.message();
      return async (take) => {
        take(await opened(message, recipients[0], bytesOf(pkcs8)));
      };
    }
  }
});

const certificateFrom = (der: Buffer) => pkijs.Certificate.fromBER(bytesOf(der));

/** A copy for itself alone: WebCrypto and asn1js want no view of a shared pool. */
const bytesOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

async function signed(
  content: Buffer,
  certificate: pkijs.Certificate,
  key: webcrypto.CryptoKey,
): Promise<Buffer> {
  const messageDigest = await engine.digest(DIGEST, content);
  const attribute = (type: string, ...values: unknown[]) => new pkijs.Attribute({ type, values });
  const data = new pkijs.SignedData({
    version: 1,
    encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: pkijs.ContentInfo.DATA }),
    signerInfos: [
      new pkijs.SignerInfo({
        version: 1,
        sid: new pkijs.IssuerAndSerialNumber({
          issuer: certificate.issuer,
          serialNumber: certificate.serialNumber,
        }),
        signedAttrs: new pkijs.SignedAndUnsignedAttributes({
          type: 0,
          attributes: [
            attribute(CONTENT_TYPE, new ObjectIdentifier({ value: pkijs.ContentInfo.DATA })),
            attribute(SIGNING_TIME, new UTCTime({ valueDate: new Date() })),
            attribute(MESSAGE_DIGEST, new OctetString({ valueHex: messageDigest })),
          ],
        }),
      }),
    ],
    certificates: [certificate],
  });
  await data.sign(key, 0, DIGEST, content);
  return inContentInfo(pkijs.ContentInfo.SIGNED_DATA, data.toSchema(true));
}

async function encrypted(
  content: Buffer,
  recipients: readonly pkijs.Certificate[],
  { alg }: Task,
): Promise<Buffer> {
  const data = new pkijs.EnvelopedData({ disableSplit: true });
  const way = { oaepHashAlgorithm: DIGEST, kdfAlgorithm: DIGEST, kekEncryptionLength: 256 };
  for (const each of recipients) data.addRecipientByCertificate(each, way, VARIANT[alg]);
  await data.encrypt({ name: 'AES-CBC', length: 256 }, bytesOf(content));
  return inContentInfo(pkijs.ContentInfo.ENVELOPED_DATA, data.toSchema());
}

const inContentInfo = (contentType: string, content: unknown): Buffer =>
  Buffer.from(new pkijs.ContentInfo({ contentType, content }).toSchema().toBER());

async function opened(
  message: Buffer,
  recipientCertificate: pkijs.Certificate | undefined,
  recipientPrivateKey: ArrayBuffer,
): Promise<Buffer> {
  if (recipientCertificate === undefined) throw new TypeError('nobody is to open it');
  const outer = pkijs.ContentInfo.fromBER(bytesOf(cmsIn(message)));
  const data = new pkijs.EnvelopedData({ schema: outer.content as unknown });
  const entity = await data.decrypt(0, { recipientCertificate, recipientPrivateKey });
  const { content, signature } = partsOf(Buffer.from(entity));
  const inner = pkijs.ContentInfo.fromBER(bytesOf(signature));
  const signedData = new pkijs.SignedData({ schema: inner.content as unknown });
  if (!(await signedData.verify({ signer: 0, data: bytesOf(content) }))) {
    throw new Error('pkijs found the signature wrong');
  }
  return content;
}
