// SPDX-License-Identifier: Apache-2.0
import { children, context, contextPrimitive, DerError, readDer, type DerValue } from '../../asn1/der.ts';
import { fieldsOf } from '../../asn1/fields.ts';
import { readRdn, type DistinguishedName } from '../names/distinguished-name.ts';
import { readGeneralNames, type GeneralName } from '../names/general-name.ts';

/** A name of a point in the form in which equal ones are equal texts. */
type PointName = string;

/** Reasons as bits: the first octet of ReasonFlags is the high one. */
export const ALL_REASONS = 0x7f80;

/** DistributionPoint of a certificate (RFC 5280 §4.2.1.13), or what a CRL says of itself (§5.2.5). */
export interface DistributionPoint {
  /** Null where it has no name, and so is any. */
  readonly names: readonly PointName[] | null;
  readonly addresses: readonly string[];
  readonly reasons: number;
  /** Somebody else than the issuer of certificates issues the list. */
  readonly isIndirect: boolean;
}

/** @param issuer to whose name a point's may be relative. @throws DerError */
export const readDistributionPoints = (value: DerValue, issuer: DistinguishedName): DistributionPoint[] =>
  children(value).map((point) => {
    const fields = fieldsOf(point);
    const name = fields.optional(context(0));
    const reasons = fields.optional(contextPrimitive(1));
    const crlIssuer = fields.optional(context(2));
    fields.end();
    return {
      ...readPointName(name, issuer),
      reasons: reasons === null ? ALL_REASONS : readReasons(reasons),
      isIndirect: crlIssuer !== null,
    };
  });

export interface IssuingDistributionPoint extends DistributionPoint {
  readonly onlyFor: 'people' | 'authorities' | 'attributes' | null;
}

/** @throws DerError */
export function readIssuingDistributionPoint(
  value: DerValue,
  issuer: DistinguishedName,
): IssuingDistributionPoint {
  const fields = fieldsOf(value);
  const name = fields.optional(context(0));
  const flag = (number: number) => {
    const field = fields.optional(contextPrimitive(number));
    return field !== null && field.content[0] !== 0;
  };
  const people = flag(1);
  const authorities = flag(2);
  const reasons = fields.optional(contextPrimitive(3));
  const isIndirect = flag(4);
  const attributes = flag(5);
  fields.end();
  if (Number(people) + Number(authorities) + Number(attributes) > 1) throw new DerError('only for several');
  return {
    ...readPointName(name, issuer),
    reasons: reasons === null ? ALL_REASONS : readReasons(reasons),
    isIndirect,
    onlyFor: people ? 'people' : authorities ? 'authorities' : attributes ? 'attributes' : null,
  };
}

function readPointName(field: DerValue | null, issuer: DistinguishedName) {
  if (field === null) return { names: null, addresses: [] };
  const name = readDer(field.content);
  if (name.tag === context(1)) {
    const relative = readRdn({ ...name, tag: 0x31 });
    return { names: [JSON.stringify([...issuer, relative])], addresses: [] };
  }
  const names = readGeneralNames(name);
  return {
    names: names.flatMap(keyOf),
    addresses: names.flatMap((each) => (each.kind === 'uri' ? [each.text] : [])),
  };
}

function keyOf(name: GeneralName): PointName[] {
  if (name.kind === 'directory') return [JSON.stringify(name.name)];
  return name.kind === 'uri' ? [name.text] : [];
}

function readReasons({ content }: DerValue): number {
  return (((content[1] ?? 0) << 8) | (content[2] ?? 0)) & ALL_REASONS;
}
