// SPDX-License-Identifier: Apache-2.0
import { children, DerError, readDer, readOid, TAG, type DerValue } from '../asn1/der.ts';

/** An extension of a certificate, of a CRL or its entry, or of an OCSP response. */
export interface Extension {
  readonly critical: boolean;
  /** The DER that extnValue holds. */
  readonly value: Buffer;
}

/**
 * Extensions by object identifier (RFC 5280 §4.2), read from the field that holds them EXPLICITly.
 *
 * @throws DerError, also where the same one stands twice, which is against the rules.
 */
export function readExtensions(field: DerValue | null | undefined): ReadonlyMap<string, Extension> {
  return field === null || field === undefined ? new Map() : extensionsIn(readDer(field.content));
}

/** The same, from a SEQUENCE of them. @throws DerError */
export function extensionsIn(sequence: DerValue): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const extension of children(sequence)) {
    const [type, ...rest] = children(extension);
    const value = rest.at(-1);
    if (type === undefined || value === undefined) throw new DerError('an extension lacks a field');
    const id = readOid(type);
    if (extensions.has(id)) throw new DerError('an extension stands twice');
    const [critical] = rest;
    extensions.set(id, {
      critical: critical?.tag === TAG.boolean && critical.content[0] !== 0,
      value: value.content,
    });
  }
  return extensions;
}
