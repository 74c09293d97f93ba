// SPDX-License-Identifier: Apache-2.0
import { DerError } from '../../asn1/der.ts';
import { isWithin } from './distinguished-name.ts';
import type { GeneralName } from './general-name.ts';
import { asciiDomain, readMailbox } from './mailbox.ts';

/**
 * Whether a name lies in the subtree that a constraint of the same kind describes (RFC 5280 §4.2.1.10). A host name
 * with a wildcard stands for many: all of them have to be permitted, and none excluded.
 *
 * @param how whether all that the name stands for has to lie in it, or any of it.
 * @throws DerError where nobody can tell: a name or a constraint that is not of its form.
 */
export function matchesConstraint(name: GeneralName, base: GeneralName, how: 'all' | 'any'): boolean {
  switch (name.kind) {
    case 'mailbox':
      return base.kind === 'mailbox' && mailboxMatches(name.text, base.text);
    case 'dns':
      return base.kind === 'dns' && dnsMatches(name.text, base.text, how);
    case 'uri':
      return base.kind === 'uri' && hostMatches(hostOf(name.text), base.text);
    case 'directory':
      return base.kind === 'directory' && isWithin(name.name, base.name);
    case 'ip':
      return base.kind === 'ip' && ipMatches(name.octets, base.octets);
    case 'other':
      return base.kind === 'other' && unknownForm();
  }
}

/** `user@host` is that mailbox, `host` any on that host, `.domain` any on a host below (also RFC 9598 §6). */
function mailboxMatches(name: string, base: string): boolean {
  const mailbox = readMailbox(name);
  if (mailbox === null) throw new DerError('a mailbox that is none');
  if (!base.includes('@')) return hostMatches(mailbox.domain, base);
  const wanted = readMailbox(base);
  if (wanted === null) throw new DerError('a constraint to a mailbox that is none');
  return mailbox.local === wanted.local && mailbox.domain === wanted.domain;
}

/**
 * Whether a constraint to mailboxes is about all mailboxes of a domain, or about any of them.
 *
 * @throws DerError as above
 */
export function coversMailOf(domain: string, base: string, how: 'all' | 'any'): boolean {
  if (!base.includes('@')) return hostMatches(domain, base);
  const mailbox = readMailbox(base);
  if (mailbox === null) throw new DerError('a constraint to a mailbox that is none');
  return how === 'any' && mailbox.domain === domain;
}

function hostMatches(host: string, base: string): boolean {
  const domain = constraintDomain(base.startsWith('.') ? base.slice(1) : base);
  return base.startsWith('.') ? host.endsWith(`.${domain}`) : host === domain;
}

/** A constraint to a domain is one to all below it, too; an empty one is to all. */
function dnsMatches(name: string, base: string, how: 'all' | 'any'): boolean {
  const isWildcard = name.startsWith('*.');
  const host = asciiDomain(isWildcard ? name.slice(2) : name);
  if (host === null) throw new DerError('a host name that is none');
  if (base === '') return true;
  const domain = constraintDomain(base);
  if (isWildcard && how === 'any' && domain.endsWith(`.${host}`)) return true;
  return host === domain || host.endsWith(`.${domain}`);
}

function constraintDomain(base: string): string {
  const domain = asciiDomain(base);
  if (domain === null) throw new DerError('a constraint to a host that is none');
  return domain;
}

/**
 * The host as a name is looked up: without the final full stop, and with what is percent-encoded in it decoded, as not
 * every scheme has URL do so. A URI without a host name cannot be in a subtree of them, so it must be refused.
 */
function hostOf(uri: string): string {
  const written = URL.canParse(uri) ? new URL(uri).hostname : '';
  const host = asciiDomain(decoded(written).replace(/\.$/, ''));
  if (host === null || NUMBER_AT_END.test(host)) throw new DerError('a URI without a host name');
  return host;
}

/** An IPv4 address, in whatever way it is written (URL Standard, "ends in a number"). */
const NUMBER_AT_END = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;

function decoded(host: string): string {
  try {
    return decodeURIComponent(host);
  } catch (error) {
    throw new DerError('a host that is not in UTF-8', { cause: error });
  }
}

function ipMatches(address: Buffer, base: Buffer): boolean {
  if ((address.length !== 4 && address.length !== 16) || (base.length !== 8 && base.length !== 32)) {
    throw new DerError('an IP address of another length');
  }
  if (base.length !== 2 * address.length) return false;
  const mask = base.subarray(address.length);
  if (!isPrefix(mask)) throw new DerError('an address mask with holes');
  return address.every((octet, i) => ((octet ^ (base[i] ?? 0)) & (mask[i] ?? 0)) === 0);
}

const isPrefix = (mask: Buffer) =>
  /^1*0*$/.test([...mask].map((octet) => octet.toString(2).padStart(8, '0')).join(''));

function unknownForm(): never {
  throw new DerError('a constraint to names of a form not known here');
}
