// SPDX-License-Identifier: Apache-2.0
import { Address, domainOf, recipientId, TenantId } from '@securemail/contracts';
import fc from 'fast-check';
import { gatherFacts } from './adapters/gathered-facts.ts';
import { plan } from './domain/plan.ts';
import { anyWorld, forbiddenIn, OWN, PARTNER, type AnyWorld } from './testing/any-world.ts';
import { anyCast, sourcesIn } from './testing/any-world-sources.ts';

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

it('no plan sends a secure mail unprotected, in 100,000 worlds, with faults in every lookup', async () => {
  const cast = await anyCast();
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(anyWorld, async (world) => {
      const recipients = world.recipients.map(({ address, disclosed }, index) => ({
        recipientId: recipientId(index + 1),
        address: Address.parse(address),
        disclosed,
      }));
      const mail = { tenantId, mailFrom: Address.parse(world.sender), recipients };
      const gathered = await gatherFacts(sourcesIn(world, cast), mail, new Date()).catch(() => null);
      // Nothing is planned then, and the email is tried again.
      if (gathered === null) {
        count('thrown');
        if (world.stored !== 'failing' && world.ldap !== 'broken')
          throw new Error('nothing was to throw here');
        return;
      }
      const { messages, held } = plan(gathered.facts);
      for (const { data } of held) count(data.because);
      for (const { method, recipientIds } of messages) {
        count(method);
        for (const { address } of recipients.filter((each) => recipientIds.includes(each.recipientId))) {
          const allowed = {
            internal: domainOf(address) === OWN,
            'smime-personal': world.keys && hasCertificate(address.toLowerCase(), world),
            'smime-domain': world.keys && domainOf(address) === 'hospital.example',
            tls: domainOf(address) in world.domains && provesItself(domainOf(address), world),
            mailbox: false,
          };
          if (!allowed[method] || forbiddenIn(world).includes(method))
            throw new Error(`${method} to ${address}`);
        }
      }
      const settled = [...messages, ...held.map(({ data }) => data)].flatMap(
        ({ recipientIds }) => recipientIds,
      );
      if (
        settled.toSorted().join() !==
        recipients
          .map((each) => each.recipientId)
          .toSorted()
          .join()
      )
        throw new Error('somebody is forgotten, or comes twice');
    }),
    { numRuns: Number(process.env['RUNS'] ?? 100_000) },
  );
  console.log(seen);
  for (const each of [
    ...['internal', 'smime-personal', 'smime-domain', 'tls', 'thrown', 'certificate-lookup-failed'],
    ...[
      'tls-lookup-failed',
      'mailbox-not-available',
      'no-secure-method',
      'no-signing-key',
      'domain-not-found',
    ],
  ])
    expect(seen.get(each)).toBeGreaterThan(0);
});
