// SPDX-License-Identifier: Apache-2.0
import type { Tlsa } from '../dane/tlsa.ts';

/** What is asked of DNS, and the form of one record of each type. */
export interface RecordTypes {
  A: string;
  AAAA: string;
  MX: { exchange: string; preference: number };
  /** The strings of a record put together. */
  TXT: string;
  TLSA: Tlsa;
  /** RFC 8162 §2: in the form of TLSA. */
  SMIMEA: Tlsa;
}
export type RecordType = keyof RecordTypes;

export interface Answer<Type extends RecordType> {
  records: RecordTypes[Type][];
  /** DNSSEC proves it (RFC 4035 §4.3), also that there are none; false where nobody has validated it. */
  secure: boolean;
  /** False: the name does not exist (NXDOMAIN). */
  exists: boolean;
  /** Where aliases (CNAME) led to; the name itself where there are none, or where nobody can say. */
  canonicalName: string;
  /** For so long it may be remembered: the shortest life of its records, or that of their absence (RFC 2308 §5); null where nobody says. */
  ttlSeconds: number | null;
}

/** A way to ask DNS. Every adapter passes `resolver.contract.ts`. */
export interface Resolver {
  /** Whether its answers can be `secure` at all. */
  readonly validating: boolean;
  /** @throws LookupFailedError where there is no answer, or one that DNSSEC disproves. */
  query<Type extends RecordType>(name: string, type: Type): Promise<Answer<Type>>;
}

/** Nobody knows: a server that failed or was silent, or signatures that do not hold. Never the same as "there is none". */
export class LookupFailedError extends Error {
  override name = 'LookupFailedError';
}
