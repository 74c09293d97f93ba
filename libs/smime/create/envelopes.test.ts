// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { children, readDer, readOid } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import {
  BelowPolicyFloorError,
  encryptEntity,
  entityOf,
  UnsuitableCertificateError,
  type ContentEncryption,
} from '../index.ts';
import { cmsOf } from '../testing/cms-of.ts';
import { startBouncyCastle, type BouncyCastle } from '../testing/interop/bouncy-castle.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const ONE_OCTET = Buffer.from('x');
const MANY_CHUNKS = Buffer.alloc(200_003, 'More than one chunk of it. ');

let workshop: OpensslWorkshop;
let authority: Identity;
let bouncyCastle: BouncyCastle;
let rsa: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  rsa = await workshop.issue(authority);
  bouncyCastle = await startBouncyCastle();
});
afterAll(async () => {
  await bouncyCastle.close();
  await workshop.close();
});

const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];

describe('the version', () => {
  /** Content type and version of a CMS object (RFC 5652 §3, §6.1; RFC 5083 §2.1). */
  const versionOf = async (
    recipients: Parameters<typeof encryptEntity>[1],
    contentEncryption?: ContentEncryption,
  ) => {
    const encrypted = await encryptEntity(entityOf(ONE_OCTET), recipients, { contentEncryption });
    const [type, explicit] = children(readDer(await cmsOf(encrypted)));
    const [version] = children(readDer(explicit!.content));
    return [readOid(type!), version!.content[0]];
  };

  it('of an envelope tells which kinds of recipients it has', async () => {
    const { certificate } = await workshop.issue(authority, { key: curve('P-256') });
    const kem = issueByHand(generateKeyPairSync('ml-kem-768').publicKey);
    const byKey = {
      certificate: issueByHand(rsa.certificate.x509.publicKey),
      keyEncryption: 'rsaes-pkcs1-v1_5',
      identifiedBy: 'subject-key-identifier',
    } as const;
    expect(await versionOf([rsa.certificate])).toEqual([OID.envelopedData, 0]);
    expect(await versionOf([rsa.certificate, byKey])).toEqual([OID.envelopedData, 2]);
    expect(await versionOf([rsa.certificate, certificate])).toEqual([OID.envelopedData, 2]);
    expect(await versionOf([rsa.certificate, certificate, kem])).toEqual([OID.envelopedData, 3]);
    expect(await versionOf([kem], 'aes-256-gcm')).toEqual([OID.authEnvelopedData, 0]);
  });
});

describe('an envelope is refused', () => {
  it('to an RSA key under 2048 bits, and in a cipher weaker than AES-128', async () => {
    const weak = await workshop.issue(authority, {
      key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
    });
    const plain = entityOf(ONE_OCTET);
    await expect(encryptEntity(plain, [weak.certificate])).rejects.toThrow(BelowPolicyFloorError);
    const options = { contentEncryption: 'des-ede3-cbc' as ContentEncryption };
    await expect(encryptEntity(plain, [rsa.certificate], options)).rejects.toThrow(BelowPolicyFloorError);
  });

  it('where the way does not fit the key, or the name the certificate has not', async () => {
    const plain = entityOf(ONE_OCTET);
    const { certificate } = rsa;
    await expect(encryptEntity(plain, [{ certificate, keyEncryption: 'ml-kem-768' }])).rejects.toThrow(
      UnsuitableCertificateError,
    );
    const koblitz = issueByHand(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey);
    await expect(encryptEntity(plain, [koblitz])).rejects.toThrow(UnsuitableCertificateError);
    const nameless = { ...certificate, subjectKeyIdentifier: null };
    const options = { identifiedBy: 'subject-key-identifier' } as const;
    await expect(encryptEntity(plain, [nameless], options)).rejects.toThrow(/subjectKeyIdentifier/);
  });
});

describe('an authenticated envelope', () => {
  it('is not read by others after one bit of it changed', async () => {
    const encrypted = await encryptEntity(entityOf(MANY_CHUNKS), [rsa.certificate], {
      contentEncryption: 'aes-128-gcm',
    });
    for (const fromEnd of [1, 16, 19, 100_000]) {
      const cms = await cmsOf(encrypted);
      cms[cms.length - fromEnd]! ^= 1;
      await expect(bouncyCastle.decrypt(cms, rsa.certificate, createPrivateKey(rsa.keyPem))).rejects.toThrow(
        /BouncyCastle/,
      );
    }
  });

  it('does not end where its content changed between two readings', async () => {
    let readings = 0;
    const changing = { size: 5, open: () => entityOf(Buffer.from(`read${(readings += 1)}`)).open() };
    const encrypted = await encryptEntity(changing, [rsa.certificate], { contentEncryption: 'aes-256-gcm' });
    await cmsOf(encrypted);
    await expect(cmsOf(encrypted)).rejects.toThrow(/changed between two readings/);
  });
});
