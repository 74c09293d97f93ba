// SPDX-License-Identifier: Apache-2.0
import {
  children,
  context,
  contextPrimitive,
  DerError,
  readDer,
  TAG,
  type DerValue,
} from '../../asn1/der.ts';
import { fieldsOf, readAlgorithm, readSmallInteger } from '../../asn1/fields.ts';
import { OID } from '../../asn1/oids.ts';
import type { Certificate } from '../certificate.ts';
import { remembered } from '../remembered.ts';
import { nameKey, readDistinguishedName } from '../names/distinguished-name.ts';
import { readGeneralNames, type GeneralName } from '../names/general-name.ts';
import { readNameConstraints, type NameConstraints } from '../names/name-constraints.ts';
import { readSigned, type Signed } from '../signed.ts';
import {
  readPolicies,
  readPolicyConstraints,
  readPolicyMappings,
  type PolicyConstraints,
  type PolicyMapping,
} from './policy-extensions.ts';

/** What a path needs to know of a certificate, beyond what everybody needs. */
export interface PathDetails {
  readonly signed: Signed;
  /** In the form in which equal names are equal texts. */
  readonly subject: string;
  readonly issuer: string;
  /** Both are one name: an authority that changed its key or its policies (RFC 5280 §3.2). */
  readonly selfIssued: boolean;
  /** All that nameConstraints are about: subject, alternative names, mailboxes of the subject. */
  readonly names: readonly GeneralName[];
  readonly nameConstraints: NameConstraints | null;
  readonly policies: readonly string[] | null;
  readonly policyMappings: readonly PolicyMapping[];
  readonly policyConstraints: PolicyConstraints | null;
  readonly inhibitAnyPolicy: number | null;
  /** The keyIdentifier of authorityKeyIdentifier; null where there is none. */
  readonly authorityKeyIdentifier: Buffer | null;
}

/** Reads them once for each certificate. @throws DerError where one of these extensions is not of its form. */
export function pathDetailsOf(certificate: Certificate): PathDetails {
  const details = readOrError(certificate);
  if (details instanceof DerError) throw details;
  return details;
}

const readOrError = remembered((certificate: Certificate): PathDetails | DerError => {
  try {
    return read(certificate);
  } catch (error) {
    if (error instanceof DerError) return error;
    throw error;
  }
});

function read(certificate: Certificate): PathDetails {
  const { extensions } = certificate;
  const signed = readSigned(certificate.der);
  checkAlgorithms(signed);
  const subjectName = readDistinguishedName(readDer(certificate.subject));
  const subject = nameKey(subjectName);
  const issuer = nameKey(readDistinguishedName(readDer(certificate.issuer)));
  const alternativeNames = optional(certificate, OID.subjectAltName, readGeneralNames) ?? [];
  if (extensions.has(OID.subjectAltName) && alternativeNames.length === 0)
    throw new DerError('no alternative name');
  if (subjectName.length === 0 && alternativeNames.length === 0) throw new DerError('it names nobody');
  const nameConstraints = optional(certificate, OID.nameConstraints, readNameConstraints);
  if (nameConstraints !== null && certificate.authority === null) throw new DerError('it constrains nobody');
  if (subjectName.length === 0 && certificate.authority !== null)
    throw new DerError('an authority without a name');
  return {
    signed,
    subject,
    issuer,
    selfIssued: subject === issuer,
    names: [
      ...(subjectName.length === 0 ? [] : [{ kind: 'directory' as const, name: subjectName }]),
      ...alternativeNames.filter(({ kind }) => kind !== 'mailbox'),
      // Those of the subject too: RFC 8550 §3 has them count, where RFC 5280 constrains them only without others.
      ...certificate.emails.map((text) => ({ kind: 'mailbox' as const, text })),
    ],
    nameConstraints,
    policies: optional(certificate, OID.certificatePolicies, readPolicies),
    policyMappings: optional(certificate, OID.policyMappings, readPolicyMappings) ?? [],
    policyConstraints: optional(certificate, OID.policyConstraints, readPolicyConstraints),
    inhibitAnyPolicy: optional(certificate, OID.inhibitAnyPolicy, readSmallInteger),
    authorityKeyIdentifier: optional(certificate, OID.authorityKeyIdentifier, readKeyIdentifier),
  };
}

function optional<T>({ extensions }: Certificate, id: string, readValue: (value: DerValue) => T): T | null {
  const extension = extensions.get(id);
  return extension === undefined ? null : readValue(readDer(extension.value));
}

/**
 * The algorithm stands in the signed part too, so that nobody exchanges it (RFC 5280 §4.1.1.2); and an elliptic curve is
 * named, as one that is described can be made to fit another's key (RFC 5480 §2.1.1, CVE-2020-0601).
 */
function checkAlgorithms({ tbs, algorithm }: Signed): void {
  const fields = fieldsOf(readDer(tbs));
  fields.optional(context(0));
  fields.take(TAG.integer);
  if (!fields.take().bytes.equals(algorithm.bytes)) throw new DerError('it names two signature algorithms');
  for (const _ of ['issuer', 'validity', 'subject']) fields.take(TAG.sequence);
  const key = readAlgorithm(fieldsOf(fields.take()).take());
  if (key.id === OID.ecPublicKey && key.parameters?.tag !== TAG.oid)
    throw new DerError('a curve without a name');
}

const readKeyIdentifier = (value: DerValue): Buffer | null =>
  children(value).find(({ tag }) => tag === contextPrimitive(0))?.content ?? null;
