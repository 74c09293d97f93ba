// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import type { Sha256 } from '@securemail/contracts';
import { children, context, contextPrimitive, readDer, readOid, TAG, type DerValue } from '../asn1/der.ts';
import { readCapabilities, type Capability } from '../algorithms/capabilities.ts';
import { UnreadableCertificateError } from '../errors.ts';
import { OID } from '../asn1/oids.ts';

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
  /** rfc822Names of subjectAltName and emailAddress of the subject, as written, without repetition. */
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
  /** The octets of the extension subjectKeyIdentifier (RFC 5280 §4.2.1.2); null where it is absent. */
  readonly subjectKeyIdentifier: Buffer | null;
  /** What its holder can read, by the extension SMIMECapabilities (RFC 4262); null where it is absent or unreadable. */
  readonly capabilities: readonly Capability[] | null;
  /** DER of the issuer's Name and of the serial INTEGER: what a CMS message calls this certificate. */
  readonly issuer: Buffer;
  readonly serial: Buffer;
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
  const [serial, , issuer, , subject] = fields[0]?.tag === context(0) ? fields.slice(1) : fields;
  if (serial === undefined || issuer === undefined || subject === undefined) {
    throw new UnreadableCertificateError();
  }
  const extensions = readExtensions(fields.find((field) => field.tag === context(3)));
  const alternativeNames = namesIn(extensions.get(OID.subjectAltName)?.value);
  const details = x509.publicKey.asymmetricKeyDetails;
  const bits = details?.modulusLength ?? CURVE_BITS[details?.namedCurve ?? ''] ?? 0;
  return {
    x509,
    der: x509.raw,
    sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase() as Sha256,
    emails: [...new Set([...alternativeNames.emails, ...emailsOfSubject(subject)])],
    domains: alternativeNames.domains,
    notBefore: new Date(x509.validFrom),
    notAfter: new Date(x509.validTo),
    key: { type: x509.publicKey.asymmetricKeyType ?? 'unknown', bits },
    keyUsage: readKeyUsage(extensions.get(OID.keyUsage)?.value),
    extendedKeyUsage: extensions.has(OID.extendedKeyUsage)
      ? children(wanted(extensions.get(OID.extendedKeyUsage)?.value)).map(readOid)
      : null,
    authority: readAuthority(extensions.get(OID.basicConstraints)?.value),
    signatureAlgorithm: signatureAlgorithmOf(algorithm),
    subjectKeyIdentifier: extensions.get(OID.subjectKeyIdentifier)?.value.content ?? null,
    capabilities: readOptionally(extensions.get(OID.smimeCapabilities)?.value),
    criticalExtensions: [...extensions].filter(([, { critical }]) => critical).map(([id]) => id),
    issuer: issuer.bytes,
    serial: serial.bytes,
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

const CURVE_BITS: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };

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

interface Extension {
  critical: boolean;
  value: DerValue;
}

/** Extensions by object identifier (RFC 5280 §4.2); the same one twice is against the rules. */
function readExtensions(field: DerValue | undefined): Map<string, Extension> {
  const extensions = new Map<string, Extension>();
  if (field === undefined) return extensions;
  for (const extension of children(readDer(field.content))) {
    const parts = children(extension);
    const id = readOid(wanted(parts[0]));
    if (extensions.has(id)) throw new UnreadableCertificateError('an extension stands twice');
    const critical = parts[1]?.tag === TAG.boolean && parts[1].content[0] !== 0;
    extensions.set(id, { critical, value: readDer(wanted(parts.at(-1)).content) });
  }
  return extensions;
}

function namesIn(alternativeNames: DerValue | undefined): { emails: string[]; domains: string[] } {
  const names = alternativeNames === undefined ? [] : children(alternativeNames);
  const tagged = (tag: number) =>
    names.filter((name) => name.tag === tag).map((name) => name.content.toString('latin1'));
  return {
    emails: tagged(contextPrimitive(1)),
    domains: tagged(contextPrimitive(2)).map((domain) => domain.toLowerCase()),
  };
}

function emailsOfSubject(subject: DerValue): string[] {
  const attributes = children(subject).flatMap(children).map(children);
  return attributes.flatMap(([type, value]) =>
    type !== undefined && value !== undefined && readOid(type) === OID.emailAddress
      ? [value.content.toString('latin1')]
      : [],
  );
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
  return {
    pathLength: pathLength === undefined ? null : pathLength.content.readUIntBE(0, pathLength.content.length),
  };
}
