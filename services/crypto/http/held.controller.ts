// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import {
  Address,
  domainOf,
  EmailId,
  guardText,
  HoldReason,
  holdReasonText,
  RecipientId,
  type DomainEvent,
  type Language,
  type NewEvent,
  type TenantId,
} from '@securemail/contracts';
import {
  jsonBody,
  noteListShown,
  openReadable,
  PLATFORM,
  Problem,
  readQuery,
  requireOwnName,
  requirePrincipal,
  type ForwardingDirectory,
  type Platform,
  type Principal,
} from '@securemail/service';
import type { Request } from 'express';
import { z } from 'zod';
import { decideAbout, type Overtaken } from '../adapters/decide.ts';
import { findHeld, listHeld, type HeldEmail } from '../adapters/held-emails.ts';
import { changesIn, reject, release, type Change, type Refusal } from '../domain/holding.ts';
import { madeFor } from '../domain/sending-again.ts';
import { FORWARDINGS } from '../settings.ts';
import { oneLine } from './one-line.ts';
import { heldCursor, readHeldCursor } from './held-cursor.ts';

const Decision = {
  by: oneLine('the name of who decides', 200).describe('The name of the person who decides'),
  reason: oneLine('the reason', 1_000).describe('Why, in words; the sender reads it'),
  recipientIds: z.array(RecipientId).min(1).max(1_000).optional().describe('Default: all that are held'),
};
export const RejectRequest = z.strictObject(Decision);
export const ReleaseRequest = z.strictObject({
  ...Decision,
  changes: z
    .array(z.strictObject({ recipientId: RecipientId, address: Address }))
    .max(1_000)
    .superRefine((changes, context) => {
      const ids = changes.map(({ recipientId }) => recipientId);
      for (const [place, id] of ids.entries())
        if (ids.indexOf(id) < place)
          context.addIssue({
            code: 'custom',
            path: [place, 'recipientId'],
            message: 'is corrected before in this list',
          });
    })
    .default([])
    .describe('Addresses that are corrected'),
});
export const HeldQuery = z.strictObject({
  because: HoldReason.optional().describe('Only emails of which somebody is held for this reason'),
  since: z.iso
    .datetime({ offset: true, error: 'is a time with its zone, such as 2026-01-31T08:00:00Z' })
    .optional()
    .describe('Held at this time or later'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional().describe('The `next` of the page before'),
});

/** What is held, and decisions about it. Nothing is ever let go without protection. */
@Controller('v1/held')
export class HeldController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(FORWARDINGS) private readonly forwardings: ForwardingDirectory,
  ) {}

  @Get()
  async list(@Req() request: Request, @Query() query: unknown) {
    const principal = this.#decider(request);
    const { tenantId } = principal;
    const { because = null, since, limit, cursor } = readQuery(HeldQuery, query);
    await noteListShown(this.platform, principal, 'held', { because, since });
    const rows = await listHeld(this.platform.pool, {
      tenantId,
      because,
      since: since === undefined ? null : new Date(since),
      after: cursor === undefined ? null : readHeldCursor(cursor),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      held: await Promise.all(page.map((each) => this.#view(each, principal))),
      next: rows.length > limit && last !== undefined ? heldCursor(last) : null,
    };
  }

  @Get(':emailId')
  async show(@Req() request: Request, @Param('emailId') id: string) {
    const principal = this.#decider(request);
    const found = await this.#find(id, principal);
    // Somebody has decided: what is left to be done is not for a person.
    if (found.recipients.size === 0) throw notHeld();
    // Whoever looks at one alone need not have come from the page of the email, which is written down by receipts.
    await noteListShown(this.platform, principal, 'held', { emailId: found.emailId });
    return this.#view(found, principal);
  }

  @Post(':emailId/release')
  @HttpCode(202)
  async release(@Req() request: Request, @Param('emailId') id: string) {
    const principal = this.#decider(request);
    const { recipientIds = null, changes, ...words } = await jsonBody(request, ReleaseRequest);
    requireOwnName(principal, words.by);
    const found = await this.#find(id, principal);
    const { addresses, isFromOutside, personal } = await this.#given(found);
    const within = isFromOutside ? (this.platform.tenants.get(found.tenantId)?.domains ?? []) : null;
    const given = {
      given: addresses,
      within,
      forwards: isFromOutside ? () => false : await this.#forwardsOutside(found.tenantId),
      whenForwarded: this.#whenForwarded(found.tenantId, personal?.mailFrom ?? null),
    };
    const decider = { ...words, keyId: principal.keyId };
    const decided = await decideAbout(found, this.platform, (holding) =>
      release(holding, recipientIds, changes, given, decider),
    );
    const language = this.#languageOf(found.tenantId);
    const answer = answerTo(found, decided, { changes, language });
    const forwarding = changes.filter(({ address }) => given.forwards(address));
    const warnings = forwarding.map(({ recipientId, address }) => ({
      recipientId,
      warning: 'forwards-outside',
      text: forwardingText('allow', [address], language),
    }));
    return { ...answer, warnings };
  }

  @Post(':emailId/reject')
  @HttpCode(200)
  async reject(@Req() request: Request, @Param('emailId') id: string) {
    const principal = this.#decider(request);
    const { recipientIds = null, ...words } = await jsonBody(request, RejectRequest);
    requireOwnName(principal, words.by);
    const found = await this.#find(id, principal);
    const decided = await decideAbout(found, this.platform, (holding) =>
      reject(holding, recipientIds, { ...words, keyId: principal.keyId }),
    );
    return answerTo(found, decided, { changes: [], language: this.#languageOf(found.tenantId) });
  }

  #decider(request: Request): Principal {
    return requirePrincipal(request, this.platform.tenants.values(), 'held:decide');
  }

  async #find(id: string, { tenantId }: Principal): Promise<HeldEmail> {
    const emailId = EmailId.safeParse(id);
    const found = emailId.success ? await findHeld(this.platform.pool, emailId.data, tenantId) : null;
    if (found === null) throw notHeld();
    return found;
  }

  /** What the sender gave, as far as it is at hand; nothing once the email was erased. */
  async #given({ acceptance }: Pick<HeldEmail, 'acceptance'>) {
    return givenIn(acceptance === null ? null : await this.platform.store.open(acceptance));
  }

  /** Which own mailboxes forward outside. */
  async #forwardsOutside(tenantId: TenantId): Promise<(address: Address) => boolean> {
    const tenant = this.platform.tenants.get(tenantId);
    if (tenant === undefined) return () => false;
    const forwards = await this.forwardings.of(tenant);
    return (address) => tenant.domains.includes(domainOf(address)) && forwards(address);
  }

  /** As when it was handed in: the sender's settings say. What is released is sent securely, whoever asked for it. */
  #whenForwarded(tenantId: TenantId, mailFrom: Address | null): 'refuse' | 'allow' {
    const tenant = this.platform.tenants.get(tenantId);
    return tenant === undefined
      ? 'refuse'
      : this.platform.policies.of(tenant, mailFrom).guards.forwardsOutside;
  }

  /** Who decides is not the sender: the organisation's. */
  #languageOf(tenantId: TenantId): Language {
    const tenant = this.platform.tenants.get(tenantId);
    return tenant === undefined ? 'en' : this.platform.policies.of(tenant, null).language;
  }

  /** What a mail is about is not for persons who look after it: as receipts does it. */
  async #view(held: HeldEmail, { person }: Principal) {
    const { pool, store } = this.platform;
    const language = this.#languageOf(held.tenantId);
    // One that was damaged hides no other.
    const opened = await openReadable(this.platform, held.acceptance === null ? [] : [held.acceptance]);
    const { personal, addresses } = givenIn(opened.events[0] ?? null);
    const stream = await store.readStream(pool, held.emailId);
    const changes = changesIn(stream);
    const { events: outcomes } = await openReadable(this.platform, held.unknownOutcomes);
    const made = [...held.recipients.keys()].map((id) => madeFor(stream, id));
    return {
      emailId: held.emailId,
      from: personal?.mailFrom ?? made.find((message) => message !== null)?.personal.mailFrom ?? null,
      subject: person === undefined ? (personal?.subject ?? null) : null,
      heldSince: held.heldSince.toISOString(),
      endsAt: held.endsAt.toISOString(),
      deadlineAt: held.deadlineAt.toISOString(),
      recipients: [...held.recipients].map(([recipientId, because], index) => ({
        recipientId,
        address:
          changes.get(recipientId) ?? addresses.get(recipientId) ?? addressIn(made[index], recipientId),
        because,
        text: holdReasonText(because, language),
        perhapsSent: because === 'outcome-unknown' ? attemptIn(outcomes, recipientId) : null,
      })),
    };
  }
}

function givenIn(event: DomainEvent | null) {
  const accepted = event?.name === 'EmailAccepted' ? event : null;
  const personal = accepted?.personal ?? null;
  const recipients = personal?.recipients ?? [];
  return {
    personal,
    isFromOutside: accepted?.data.direction === 'inbound',
    addresses: new Map(recipients.map(({ recipientId, address }) => [recipientId, address])),
  };
}

const addressIn = (made: ReturnType<typeof madeFor> | undefined, id: RecipientId): Address | null =>
  made?.personal.recipients.find(({ recipientId }) => recipientId === id)?.address ?? null;

/** When nobody knew what came of the last attempt, and with which server it was. */
function attemptIn(outcomes: readonly DomainEvent[], id: RecipientId) {
  const last = outcomes
    .filter((event) => event.name === 'OutcomeUnknown')
    .findLast(({ data }) => data.recipientIds.includes(id));
  return last === undefined ? null : { at: last.time, nextHop: last.personal?.nextHop ?? null };
}

const notHeld = () =>
  new Problem('email-not-held', 'Nothing of an email with this id is held for your organisation now.');

function whatHappened({ by }: Overtaken): string {
  if (by === null) return 'An earlier release of this email was done at the same moment.';
  const who = by.personal?.by ?? 'The rule that ends what nobody decides about';
  const what = by.name === 'EmailReleased' ? 'released' : 'rejected';
  return `${who} ${what} ${by.data.recipientIds.join(', ')} at the same moment.`;
}

const forwardingText = (action: 'refuse' | 'allow', who: readonly Address[], language: Language) =>
  guardText({ guard: 'forwards-outside', action, rules: [], unread: [] }, who, language).text;

function guardRefused(
  changes: readonly Change[],
  { data }: NewEvent<'ReleaseRefused'>,
  language: Language,
): Problem {
  const found = data.guards.flatMap(({ recipientIds }) => recipientIds);
  const told = changes.flatMap(({ recipientId, address }, place) =>
    found.includes(recipientId) ? [{ place, address }] : [],
  );
  const who = told.map(({ address }) => address);
  return new Problem('forwards-outside', forwardingText('refuse', who, language), {
    errors: told.map(({ place, address }) => ({
      path: `changes.${place}.address`,
      message: forwardingText('refuse', [address], language),
    })),
  });
}

const wrongAddresses = (places: readonly number[], message: string) =>
  new Problem('invalid-request', `${places.length} field(s) are wrong.`, {
    errors: places.map((place) => ({ path: `changes.${place}.address`, message })),
  });

function answerTo(
  { emailId }: HeldEmail,
  decided:
    | NewEvent<'EmailReleased'>
    | NewEvent<'ReleaseRefused'>
    | NewEvent<'EmailRejected'>
    | Refusal
    | Overtaken
    | null,
  { changes, language }: { changes: readonly Change[]; language: Language },
) {
  if (decided === null) throw notHeld();
  if (!('refused' in decided)) {
    if (decided.name === 'ReleaseRefused') throw guardRefused(changes, decided, language);
    return { emailId, recipientIds: decided.data.recipientIds };
  }
  switch (decided.refused) {
    case 'nothing-held':
      throw notHeld();
    case 'not-held':
      throw new Problem('recipient-not-held', `Not held: ${decided.recipientIds.join(', ')}.`);
    case 'already-recipient':
      throw wrongAddresses(decided.places, 'is a recipient of this email already, who would get it twice');
    case 'not-own':
      throw wrongAddresses(
        decided.places,
        'is outside your organisation: what came from outside goes to its own mailboxes alone',
      );
    case 'perhaps-sent':
      throw wrongAddresses(
        decided.places,
        'can not be changed, as the mail may have arrived where it was sent: release it to go there again, or reject it',
      );
    case 'overtaken':
      throw new Problem('already-decided', whatHappened(decided));
    default:
      return decided satisfies never;
  }
}
