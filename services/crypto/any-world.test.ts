// SPDX-License-Identifier: Apache-2.0
import {
  Address,
  domainOf,
  PROTECTION_METHODS,
  recipientId,
  TenantId,
  type ProtectionMethod,
} from '@securemail/contracts';
import fc from 'fast-check';
import { gatherFacts } from './adapters/gathered-facts.ts';
import { plan } from './domain/plan.ts';
import { anyInside, anyOutside, forbiddenIn, OWN, PARTNER, type AnyWorld } from './testing/any-world.ts';
import { anyCast } from './testing/any-cast.ts';
import { insideOf } from './testing/any-inside.ts';
import { outsideOf } from './testing/any-outside.ts';

const tenantId = TenantId.parse('demo');

/** Whether the policy of a domain is its own: an agreement, a route to it, its servers, or what it publishes. */
function provesItself(domain: string, { domains, validating, route, relay }: AnyWorld): boolean {
  const { pinned, mx, tlsa, sts } = domains[domain as keyof AnyWorld['domains']];
  if (pinned) return true;
  if (domain === PARTNER && route !== 'no-route') return validating && route === 'usable';
  if (relay !== 'no-route') return sts === 'for-the-relay';
  const byDane = validating && mx === 'signed' && tlsa === 'usable';
  return byDane || ((mx === 'signed' || mx === 'unsigned') && sts === 'enforced');
}

/** Whether there is a certificate of that person that holds, by who vouches for it. */
function hasCertificate(address: string, { stored, ldap, smimea, domains, validating }: AnyWorld): boolean {
  if (address === 'bo@citizen.example') return true;
  if (address !== 'kim@citizen.example') return false;
  if (stored === 'valid') return true;
  const proven =
    validating && (domains['citizen.example'].mx === 'signed' || domains['citizen.example'].mx === 'null');
  if (ldap === 'untrusted') return proven && smimea === 'untrusted-one';
  // What DNS proves of another one speaks against it.
  const contradicted = proven && (smimea === 'another' || smimea === 'untrusted-one');
  return ldap === 'valid' && stored !== 'revoked' && !contradicted;
}

function isSafe(method: ProtectionMethod, address: Address, world: AnyWorld): boolean {
  const domain = domainOf(address);
  if (forbiddenIn(world).includes(method)) return false;
  switch (method) {
    case 'internal':
      return domain === OWN;
    case 'smime-personal':
      return world.keys && hasCertificate(address.toLowerCase(), world);
    case 'smime-domain':
      return world.keys && domain === 'hospital.example';
    case 'tls':
      return domain in world.domains && provesItself(domain, world);
    case 'mailbox':
      return world.mailbox && domain !== OWN;
  }
}

/** Several worlds share what is outside of them, and what was remembered of it. */
const OUTSIDES = 10_000;
const INSIDES = 10;
/** Milliseconds; a minute where nothing else runs. */
const LONGEST = 600_000;

it(
  'no plan sends a secure mail unprotected, in 100,000 worlds, with faults in every lookup',
  async () => {
    const cast = await anyCast();
    const seen = new Set<string>();
    const judge = async (world: AnyWorld, outside: ReturnType<typeof outsideOf>) => {
      const recipients = world.recipients.map(({ address, disclosed }, index) => ({
        recipientId: recipientId(index + 1),
        address: Address.parse(address),
        disclosed,
      }));
      const sender = Address.parse(world.sender);
      const wroteInMailbox = world.recipients
        .filter((each) => each.wroteInMailbox)
        .map(({ address }) => Address.parse(address));
      const mail = { tenantId, mailFrom: sender, author: sender, recipients, wroteInMailbox };
      const sources = { ...insideOf(world, cast), ...outside };
      const gathered = await gatherFacts(sources, mail, new Date()).catch((error: unknown) => {
        if (world.stored !== 'failing' && world.ldap !== 'broken') throw error;
        return null;
      });
      // Nothing is planned then, and the email is tried again.
      if (gathered === null) return;
      const { messages, held } = plan(gathered.facts);
      for (const { data } of held) seen.add(data.because);
      for (const { method, recipientIds } of messages) {
        seen.add(method);
        for (const { address } of recipients.filter((each) => recipientIds.includes(each.recipientId)))
          if (!isSafe(method, address, world)) throw new Error(`${method} to ${address}`);
        const secret = recipients.filter(
          (each) => !each.disclosed && recipientIds.includes(each.recipientId),
        );
        if (method.startsWith('smime') && secret.length > 0 && recipientIds.length > 1)
          throw new Error('a blind copy shares its message');
      }
      const settled = [...messages, ...held.map(({ data }) => data)].flatMap(
        ({ recipientIds }) => recipientIds,
      );
      if (settled.toSorted().join() !== recipients.map((each) => each.recipientId).join())
        throw new Error('somebody is forgotten, or is in it twice');
    };
    const worlds = fc.tuple(anyOutside, fc.array(anyInside, { minLength: INSIDES, maxLength: INSIDES }));
    await fc.assert(
      fc.asyncProperty(worlds, async ([outside, insides]) => {
        const asked = outsideOf(outside, cast);
        for (const inside of insides) await judge({ ...outside, ...inside }, asked);
      }),
      { numRuns: OUTSIDES },
    );
    // The worlds are of all kinds: each method is taken, and each reason holds somebody.
    expect([...seen]).toEqual(expect.arrayContaining([...PROTECTION_METHODS, ...REASONS]));
  },
  LONGEST,
);

const REASONS = [
  'certificate-expired',
  'certificate-untrusted',
  'certificate-revoked',
  'certificate-lookup-failed',
  'no-signing-key',
  'domain-not-found',
  'tls-lookup-failed',
  'mailbox-not-available',
  'no-secure-method',
];
