// SPDX-License-Identifier: Apache-2.0
import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { Address, domainOf, obstacleText, recipientId } from '@securemail/contracts';
import {
  jsonBody,
  maySendAs,
  PLATFORM,
  Problem,
  requirePrincipal,
  type ForwardingDirectory,
  type OwnMailboxes,
  type Platform,
} from '@securemail/service';
import type { RevocationChecker } from '@securemail/smime';
import type { TlsPolicies } from '@securemail/tls-policy';
import type { Request } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { askInTime } from '../adapters/ask-revocation.ts';
import { gatherFacts } from '../adapters/gathered-facts.ts';
import { impatient } from '../adapters/impatient.ts';
import type { LdapDirectories } from '../adapters/ldap-directory.ts';
import { missingMailboxes } from '../adapters/missing-mailboxes.ts';
import type { SmimeaRecords } from '../adapters/smimea-records.ts';
import type { Directory } from '../domain/directory.ts';
import { guardWarnings, outlookOf } from '../domain/outlook.ts';
import {
  CRYPTO_SETTINGS,
  DIRECTORY,
  FORWARDINGS,
  LDAP,
  OWN_MAILBOXES,
  REVOCATION,
  SMIMEA,
  TLS_POLICIES,
  type CryptoSettings,
} from '../settings.ts';

export const CheckRequest = z.strictObject({
  from: Address.describe('Who would send; a sender of the key'),
  recipients: z.array(Address).min(1).max(100),
  thread: z
    .array(Address)
    .max(1_000)
    .optional()
    .describe(
      'Whom the mail that is answered names, its sender and its recipients: to be warned of who is new',
    ),
});

/** Whoever types waits no longer; what is found out later is there at the next key stroke. Milliseconds. */
const PATIENCE_MS = 1_500;
/** Of that, so long certificates are looked for, and asked about: TLS is asked about afterwards, for whom there is none. */
const DIRECTORIES_MS = 1_000;
const AN_HOUR_MS = 3_600_000;

/** Tells before a mail is sent how it would be protected. */
@Controller('v1/recipients')
export class RecipientsController {
  readonly #limiter = new RateLimiterMemory({ points: 20, duration: 1 });

  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(DIRECTORY) private readonly directory: () => Directory,
    @Inject(LDAP) readonly ldap: LdapDirectories | null,
    @Inject(SMIMEA) readonly smimea: SmimeaRecords | null,
    @Inject(TLS_POLICIES) readonly policies: TlsPolicies,
    @Inject(FORWARDINGS) private readonly forwardings: ForwardingDirectory,
    @Inject(OWN_MAILBOXES) private readonly ownMailboxes: OwnMailboxes,
    @Inject(CRYPTO_SETTINGS) private readonly settings: CryptoSettings,
    @Inject(REVOCATION) private readonly revocation: RevocationChecker,
  ) {}

  @Post('check')
  @HttpCode(200)
  async check(@Req() request: Request) {
    const principal = requirePrincipal(request, this.platform.tenants.values(), 'emails:send');
    const { tenantId, keyId } = principal;
    await this.#limiter.consume(`${tenantId} ${keyId}`).catch(() => {
      throw new Problem('rate-limited', 'Twenty checks a second are the most.');
    });
    const { from, recipients, thread = null } = await jsonBody(request, CheckRequest);
    if (!maySendAs(principal, from))
      throw new Problem('sender-not-allowed', 'The key may not send as this address.');
    const at = new Date();
    const tenant = this.platform.tenants.get(tenantId);
    const { revocationCheckHours: hours } = this.settings;
    const { ask, late } = askInTime(this.revocation, hours * AN_HOUR_MS, Date.now() + DIRECTORIES_MS);
    const missing = missingMailboxes(recipients, tenant, this.ownMailboxes, PATIENCE_MS);
    const { facts, directory } = await gatherFacts(
      {
        platform: this.platform,
        directory: this.directory(),
        ...impatient(this, { directoriesMs: DIRECTORIES_MS, allMs: PATIENCE_MS }),
        askFound: hours === 0 ? null : ask,
        until: Infinity,
        progressed: () => undefined,
      },
      {
        tenantId,
        mailFrom: from,
        author: from,
        recipients: recipients.map((address, index) => ({
          recipientId: recipientId(index + 1),
          address,
          disclosed: true,
        })),
        wroteInMailbox: [],
      },
      at,
    );
    const unknown = await missing;
    const forwards = tenant === undefined ? () => false : await this.forwardings.of(tenant);
    const policy = tenant === undefined ? null : this.platform.policies.of(tenant, from);
    const language = policy?.language ?? 'en';
    const ownDomains = tenant?.domains ?? [];
    const leaves = recipients.some((address) => !ownDomains.includes(domainOf(address)));
    const refusedWhen = leaves && policy?.whenNotAskedSecure === 'protect' ? 'always' : 'securely';
    const refusesForwarding = policy?.guards.forwardsOutside === 'refuse' ? refusedWhen : null;
    return {
      recipients: recipients.map((address, index) => {
        const outlook = outlookOf(facts[index], {
          personal: directory.person(address, at),
          organisation: directory.organisation(domainOf(address), at),
          unsaid: late,
          language,
          at,
        });
        return {
          address,
          method: outlook.method,
          passedOver: outlook.passedOver.map((each) => ({
            ...each,
            text: obstacleText(each.because, language),
          })),
          certificate: outlook.certificate,
          warnings: [
            ...outlook.warnings,
            ...guardWarnings(address, {
              ownDomains,
              thread,
              forwardsOutside: forwards(address),
              refusesForwarding,
              isMissing: unknown.has(address),
              language,
            }),
          ],
        };
      }),
    };
  }
}
