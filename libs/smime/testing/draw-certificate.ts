// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  context,
  contextPrimitive,
  der,
  octetString,
  oid,
  sequence,
  setOf,
  smallInteger,
  TAG,
  time,
} from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { certificateOf, type Certificate } from '../index.ts';

const UTF8_STRING = 0x0c;
const COMMON_NAME = '2.5.4.3';
const DAY = 24 * 60 * 60 * 1000;
const ECDSA_SHA256 = sequence(oid(OID.ecdsaWithSha256));

interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** A certificate and its private key. */
export interface Drawn {
  certificate: Certificate;
  key: KeyObject;
}

interface Drawing {
  /** Signs itself where there is none. */
  issuer?: Drawn;
  /** DER of a Name, or the text of its only attribute. */
  subject?: string | Buffer;
  /** Those of another certificate, to draw a second one for the same authority. */
  keys?: KeyPair;
  extensions?: readonly Buffer[];
  notBefore?: Date;
  notAfter?: Date;
}

/** Certificates as no honest authority issues them, at once and without a program: on P-256, valid for a day. */
export function drawCertificate({
  issuer,
  subject = 'A person',
  keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  extensions = [],
  notBefore,
  notAfter,
}: Drawing = {}): Drawn {
  const name = typeof subject === 'string' ? commonName(subject) : subject;
  const certificate = certify({
    issuer: { key: issuer?.key ?? keys.privateKey, subject: issuer?.certificate.subject ?? name },
    subject: name,
    publicKey: keys.publicKey,
    extensions,
    notBefore,
    notAfter,
  });
  return { certificate, key: keys.privateKey };
}

/** Who issues: a key on P-256, and the DER of its Name. */
export interface Issuer {
  readonly key: KeyObject;
  readonly subject: Buffer;
}

/** A certificate of any public key, whatever it is. */
export function certify({
  issuer,
  subject,
  publicKey,
  extensions,
  notBefore = new Date(Date.now() - DAY),
  notAfter = new Date(Date.now() + DAY),
}: {
  issuer: Issuer;
  /** DER of a Name. */
  subject: Buffer;
  publicKey: KeyObject;
  extensions: readonly Buffer[];
  notBefore?: Date | undefined;
  notAfter?: Date | undefined;
}): Certificate {
  const tbs = sequence(
    der(context(0), smallInteger(2)),
    der(TAG.integer, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ECDSA_SHA256,
    issuer.subject,
    sequence(time(notBefore), time(notAfter)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [der(context(3), sequence(...extensions))]),
  );
  return certificateOf(sequence(tbs, ECDSA_SHA256, bitString(sign('sha256', tbs, issuer.key))));
}

/** The same with basicConstraints. */
export const drawAuthority = (subject: string, drawing: Drawing & { pathLength?: number } = {}): Drawn =>
  drawCertificate({
    ...drawing,
    subject,
    extensions: [authorityExtension(drawing.pathLength), ...(drawing.extensions ?? [])],
  });

const authorityExtension = (pathLength?: number) =>
  extension(
    OID.basicConstraints,
    sequence(TRUE, ...(pathLength === undefined ? [] : [smallInteger(pathLength)])),
    true,
  );

const TRUE = der(TAG.boolean, Buffer.of(0xff));
const bitString = (content: Buffer) => der(TAG.bitString, Buffer.of(0), content);
export const commonName = (text: string) =>
  sequence(setOf(sequence(oid(COMMON_NAME), der(UTF8_STRING, Buffer.from(text)))));

export const extension = (id: string, value: Buffer, critical = false) =>
  sequence(oid(id), ...(critical ? [TRUE] : []), octetString(value));

/** The bits in one octet, as keyUsage has them: 0x80 is digitalSignature, 0x20 keyEncipherment, 0x08 keyAgreement. */
export const keyUsage = (bits: number) =>
  extension(OID.keyUsage, der(TAG.bitString, Buffer.of(0, bits)), true);

// GeneralNames (RFC 5280 §4.2.1.6).
export const rfc822Name = (text: string) => der(contextPrimitive(1), Buffer.from(text));
export const dnsName = (text: string) => der(contextPrimitive(2), Buffer.from(text));
export const uriName = (text: string) => der(contextPrimitive(6), Buffer.from(text));
export const ipAddress = (...octets: number[]) => der(contextPrimitive(7), Buffer.from(octets));
export const directoryName = (name: Buffer) => der(context(4), name);
export const smtpUtf8Mailbox = (text: string) =>
  der(context(0), oid(OID.smtpUtf8Mailbox), der(context(0), der(UTF8_STRING, Buffer.from(text))));

export const subjectAltName = (...names: readonly Buffer[]) =>
  extension(OID.subjectAltName, sequence(...names));

export function nameConstraints({
  permitted = [],
  excluded = [],
}: {
  permitted?: readonly Buffer[];
  excluded?: readonly Buffer[];
}): Buffer {
  const subtrees = (tag: number, names: readonly Buffer[]) =>
    names.length === 0 ? [] : [der(context(tag), ...names.map((name) => sequence(name)))];
  return extension(OID.nameConstraints, sequence(...subtrees(0, permitted), ...subtrees(1, excluded)), true);
}
