// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import type { Sha256 } from '@securemail/contracts';
import { children, context, DerError, readDer, readOid, TAG, type DerValue } from '../asn1/der.ts';
import { readSmallInteger } from '../asn1/fields.ts';
import { readTime } from '../asn1/read-time.ts';
import { readCapabilities, type Capability } from '../algorithms/capabilities.ts';
import { UnreadableCertificateError } from '../errors.ts';
import { OID } from '../asn1/oids.ts';
import { readText } from './names/distinguished-name.ts';
import { readGeneralName, type GeneralName } from './names/general-name.ts';
import { readExtensions, type Extension } from './extensions.ts';

/** The bits of the keyUsage extension (RFC 5280 §4.2.1.3), in their order. */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** An X.509 certificate (RFC 5280), read once. Reading proves nothing: see `judgeCertificate`. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly der: Buffer;
  /** Of the DER bytes: the fingerprint that names it everywhere. */
  readonly sha256: Sha256;
  /**
   * The mailboxes it names, as written and without repetition: rfc822Name and SmtpUTF8Mailbox (RFC 9598) of
   * subjectAltName, and emailAddress of the subject (RFC 8550 §3). See `sameMailbox`.
   */
  readonly emails: readonly string[];
  /** dNSNames of subjectAltName, in lower case. */
  readonly domains: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** `bits` is the modulus of RSA or the size of the curve's field; 0 where neither applies. */
  readonly key: { readonly type: string; readonly bits: number };
  /** Null where the extension is absent, which allows every use. */
  readonly keyUsage: ReadonlySet<KeyUsage> | null;
  /** Object identifiers; null where the extension is absent. */
  readonly extendedKeyUsage: readonly string[] | null;
  /** basicConstraints: it may issue certificates, with at most so many authorities below it. */
  readonly authority: { readonly pathLength: number | null } | null;
  /** Object identifier of what its issuer signed with; that of RSASSA-PSS is followed by `/` and its hash's. */
  readonly signatureAlgorithm: string;
  readonly criticalExtensions: readonly string[];
  /** By object identifier. The value is the DER in extnValue. */
  readonly extensions: ReadonlyMap<string, Extension>;
  /** The octets of the extension subjectKeyIdentifier (RFC 5280 §4.2.1.2); null where it is absent. */
  readonly subjectKeyIdentifier: Buffer | null;
  /** What its holder can read, by the extension SMIMECapabilities (RFC 4262); null where it is absent or unreadable. */
  readonly capabilities: readonly Capability[] | null;
  /** DER of the issuer's Name and of the serial INTEGER: what a CMS message calls this certificate. */
  readonly issuer: Buffer;
  readonly serial: Buffer;
  /** DER of the subject's Name. */
  readonly subject: Buffer;
}

/** Reads one certificate from its DER. @throws UnreadableCertificateError */
export function certificateOf(bytes: Buffer): Certificate {
  try {
    return read(new X509Certificate(bytes));
  } catch (error) {
    throw new UnreadableCertificateError('a certificate is damaged or not X.509', { cause: error });
  }
}

function read(x509: X509Certificate): Certificate {
  const [tbs, algorithm] = children(readDer(x509.raw));
  if (tbs === undefined || algorithm === undefined) throw new UnreadableCertificateError();
  const fields = children(tbs);
  const [serial, , issuer, validity, subject] = fields[0]?.tag === context(0) ? fields.slice(1) : fields;
  if (serial === undefined || issuer === undefined || validity === undefined || subject === undefined) {
    throw new UnreadableCertificateError();
  }
  const [notBefore, notAfter] = children(validity);
  const extensions = readExtensions(fields.find((field) => field.tag === context(3)));
  const values = new Map([...extensions].map(([id, { value }]) => [id, readDer(value)]));
  const alternativeNames = namesIn(values.get(OID.subjectAltName));
  const details = x509.publicKey.asymmetricKeyDetails;
  const bits = details?.modulusLength ?? CURVE_BITS[details?.namedCurve ?? ''] ?? 0;
  return {
    x509,
    der: x509.raw,
    sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase() as Sha256,
    emails: [...new Set([...alternativeNames.emails, ...emailsOfSubject(subject)])],
    domains: alternativeNames.domains,
    // Not as OpenSSL prints them: Date takes its year 49 for 2049.
    notBefore: readTime(wanted(notBefore)),
    notAfter: readTime(wanted(notAfter)),
    key: { type: x509.publicKey.asymmetricKeyType ?? 'unknown', bits },
    keyUsage: readKeyUsage(values.get(OID.keyUsage)),
    extendedKeyUsage: extensions.has(OID.extendedKeyUsage)
      ? children(wanted(values.get(OID.extendedKeyUsage))).map(readOid)
      : null,
    authority: readAuthority(values.get(OID.basicConstraints)),
    signatureAlgorithm: signatureAlgorithmOf(algorithm),
    subjectKeyIdentifier: values.get(OID.subjectKeyIdentifier)?.content ?? null,
    capabilities: readOptionally(values.get(OID.smimeCapabilities)),
    criticalExtensions: [...extensions].filter(([, { critical }]) => critical).map(([id]) => id),
    extensions,
    issuer: issuer.bytes,
    serial: serial.bytes,
    subject: subject.bytes,
  };
}

/** RSASSA-PSS says its hash in parameters, SHA-1 where it says none (RFC 4055 §3.1). */
function signatureAlgorithmOf(algorithm: DerValue): string {
  const [type, parameters] = children(algorithm);
  const id = readOid(wanted(type));
  if (id !== OID.rsassaPss) return id;
  const hash = children(wanted(parameters)).find(({ tag }) => tag === context(0));
  return hash === undefined ? id : `${id}/${readOid(wanted(children(readDer(hash.content))[0]))}`;
}

const CURVE_BITS: Record<string, number> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
};

function wanted(value: DerValue | undefined): DerValue {
  if (value === undefined) throw new UnreadableCertificateError('a field is missing');
  return value;
}

/** Advice that cannot be read is as good as none: it is no reason to refuse the certificate. */
function readOptionally(value: DerValue | undefined): readonly Capability[] | null {
  try {
    return value === undefined ? null : readCapabilities(value.bytes);
  } catch {
    return null;
  }
}

/** A name that cannot be read names nobody; who judges a path finds it once more, and refuses the certificate. */
function namesIn(alternativeNames: DerValue | undefined): { emails: string[]; domains: string[] } {
  const names = (alternativeNames === undefined ? [] : children(alternativeNames)).flatMap(readableName);
  return {
    emails: names.flatMap((name) => (name.kind === 'mailbox' ? [name.text] : [])),
    domains: names.flatMap((name) => (name.kind === 'dns' ? [name.text.toLowerCase()] : [])),
  };
}

function readableName(value: DerValue): GeneralName[] {
  try {
    return [readGeneralName(value)];
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}

function emailsOfSubject(subject: DerValue): string[] {
  const attributes = children(subject).flatMap(children).map(children);
  return attributes
    .map(([type, value]) =>
      type !== undefined && value !== undefined && readOid(type) === OID.emailAddress
        ? readText(value)
        : null,
    )
    .filter((text) => text !== null);
}

function readKeyUsage(value: DerValue | undefined): ReadonlySet<KeyUsage> | null {
  if (value === undefined) return null;
  const bits = value.content.subarray(1);
  return new Set(KEY_USAGES.filter((_, i) => ((bits[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0));
}

function readAuthority(value: DerValue | undefined): { pathLength: number | null } | null {
  if (value === undefined) return null;
  const [flag, pathLength] = children(value);
  if (flag?.tag !== TAG.boolean || flag.content[0] === 0) return null;
  return { pathLength: pathLength === undefined ? null : readSmallInteger(pathLength) };
}
