// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { domainOf, EmailId, type DomainEvent, type SealedEvent } from '@securemail/contracts';
import {
  gatewayAddressOf,
  openReadable,
  PLATFORM,
  Problem,
  readQuery,
  requirePrincipal,
  type Principal,
  type Platform,
  type Readable,
} from '@securemail/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { firstDeadLetterOf, type DeadLetter } from '@securemail/event-log';
import type { DigestOf } from '../console/adapters/find-keys.ts';
import { soughtAddress, soughtMessageId, soughtTrace, type Sought } from '../console/domain/sought.ts';
import { traceIn, waterfallOf } from '../console/domain/waterfall.ts';
import { noteInspection, noteSearch, noteSearchByKey } from '../console/looks.ts';
import { FIND_KEYS } from '../console/tokens.ts';
import { forgetFound, listEmails } from '../adapters/list-emails.ts';
import { actsAbout, historiesOf, historyOf } from '../adapters/projection.ts';
import type { ReceiptSigner } from '../adapters/receipt-signer.ts';
import { EMAIL_STATES } from '../domain/email.ts';
import { byTime } from '../domain/order.ts';
import { STAGES } from '../domain/stages.ts';
import { provenEvents } from '../domain/proven-events.ts';
import type { Prover } from '../ledger/prover.ts';
import { PROVER } from '../ledger/tokens.ts';
import { RECEIPT_SIGNER } from '../settings.ts';
import { cursorAfter, readCursor } from './cursor.ts';
import { evidenceOf } from './evidence.ts';
import { languagesOf } from './language.ts';
import { Moment } from './moment.ts';
import {
  acceptanceIn,
  eventView,
  receiptOf,
  shownTo,
  viewOf,
  type EmailView,
  type LanguageOf,
} from './view.ts';

export const ListQuery = z.strictObject({
  state: z
    .enum([...EMAIL_STATES, 'unfinished'])
    .optional()
    .describe('Only emails in this state; `unfinished`: in any in which something is still waited for'),
  stage: z
    .enum(STAGES)
    .optional()
    .describe(
      'Only emails that wait for this, as overview and `securemail.email.oldest.age` call it; the order is by how long they do',
    ),
  order: z
    .enum(['newest', 'oldest'])
    .default('newest')
    .describe('Which come first; with `stage`, `oldest`: those that wait longest'),
  since: Moment.optional().describe('Accepted at this time or later'),
  until: Moment.optional().describe('Accepted before this time'),
  address: z
    .string()
    .max(300)
    .transform(
      (text, context) => soughtAddress(text.trim()) ?? unlike(context, 'is an address, or "@" and a domain'),
    )
    .optional()
    .describe('Only emails from or to this address, or (`@domain`) everybody there'),
  messageId: z
    .string()
    .min(1)
    .max(1_000)
    .transform(soughtMessageId)
    .optional()
    .describe('Only the email with this Message-ID (RFC 5322)'),
  traceId: z
    .string()
    .transform((text, context) => soughtTrace(text.trim()) ?? unlike(context, 'is 32 hexadecimal digits'))
    .optional()
    .describe('Only the email of this trace (W3C Trace Context)'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional().describe('The `next` of the page before'),
});

function unlike(context: z.core.$RefinementCtx<string>, message: string): never {
  context.issues.push({ code: 'custom', input: context.value, message });
  return z.NEVER;
}

/** What a list was narrowed to, as its parameters say it. */
const filterText = (filters: Record<string, string | undefined>): string =>
  Object.entries(filters)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join(' ');

/** One of them alone; who looks for several would look for what they have in common. */
function soughtIn({
  address,
  messageId,
  traceId,
}: Partial<Record<'address' | 'messageId' | 'traceId', Sought | undefined>>) {
  const sought = [address, messageId, traceId].filter((each) => each !== undefined);
  if (sought.length > 1) {
    const errors = [{ path: 'address', message: 'is looked for alone, and so are messageId and traceId' }];
    throw new Problem('invalid-request', 'One of them at a time.', { errors });
  }
  return sought[0] ?? null;
}

/** What became of emails: their state, their events, their receipt. */
@Controller('v1/emails')
export class EmailsController {
  readonly #languageOf: LanguageOf;
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(RECEIPT_SIGNER) private readonly signer: ReceiptSigner,
    @Inject(FIND_KEYS) private readonly digestOf: DigestOf,
    @Inject(PROVER) private readonly prove: Prover,
  ) {
    this.#languageOf = languagesOf(platform);
  }

  @Get()
  async list(
    @Req() request: Request,
    @Query() query: unknown,
  ): Promise<{ emails: EmailView[]; next: string | null }> {
    const principal = this.#reader(request);
    const { tenantId } = principal;
    const { state, stage, order, since, until, limit, cursor, ...by } = readQuery(ListQuery, query);
    const sought = soughtIn(by);
    const search =
      sought === null
        ? ({ kind: 'time-and-state', text: filterText({ state, stage, since, until }) } as const)
        : { kind: sought.by, text: sought.text };
    await noteSearch(this.platform, principal, search);
    // The next page is no other look.
    if (cursor === undefined) await noteSearchByKey(this.platform, principal, search);
    const digest = sought === null ? null : await this.digestOf(tenantId, sought);
    const rows = await listEmails(this.platform.pool, {
      tenantId,
      state: state ?? null,
      stage: stage ?? null,
      digest,
      since: since === undefined ? null : new Date(since),
      until: until === undefined ? null : new Date(until),
      after: cursor === undefined ? null : readCursor(cursor),
      isOldestFirst: order === 'oldest',
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const emailIds = page.map(({ emailId }) => emailId);
    const histories = await historiesOf(this.platform.pool, emailIds, tenantId);
    const opened = await Promise.all(
      emailIds.map((emailId) => openReadable(this.platform, histories.get(emailId) ?? [], forList)),
    );
    // Who was in an erased email is not to be found out by asking for one after another.
    const erased =
      digest === null ? [] : page.filter((_, index) => acceptanceIn(opened[index]?.events ?? [])?.erased);
    if (digest !== null) await forgetFound(this.platform.pool, tenantId, digest, erased);
    const gone = new Set(erased.map(({ emailId }) => emailId));
    const views = opened.map(({ events, unreadable }) => viewOf(events, this.#languageOf, unreadable));
    const last = page.at(-1);
    return {
      emails: views
        .filter((view) => view !== null)
        .filter(({ emailId }) => !gone.has(emailId))
        .map(shownTo(principal)),
      next: rows.length > limit && last !== undefined ? cursorAfter(last) : null,
    };
  }

  @Get(':emailId')
  async show(@Req() request: Request, @Param('emailId') id: string): Promise<EmailView> {
    const { events, unreadable, principal } = await this.#find(request, id);
    const view = viewOf(events, this.#languageOf, unreadable);
    if (view === null) throw notFound();
    return shownTo(principal)(view);
  }

  @Get(':emailId/events')
  async events(@Req() request: Request, @Param('emailId') id: string) {
    const { events, unreadable, principal } = await this.#find(request, id);
    const isPerson = principal.person !== undefined;
    const acts = await openReadable(
      this.platform,
      await actsAbout(this.platform.pool, EmailId.parse(id), principal.tenantId),
    );
    return {
      events: [...events, ...acts.events].toSorted(byTime).map((event) => eventView(event, isPerson)),
      unreadable: [...unreadable, ...acts.unreadable],
    };
  }

  @Get(':emailId/trace')
  async trace(@Req() request: Request, @Param('emailId') id: string) {
    const { events } = await this.#find(request, id);
    return { traceId: traceIn(events), bars: waterfallOf(events) };
  }

  @Get(':emailId/receipt')
  @Header('Vary', 'Accept')
  async receipt(@Req() request: Request, @Res() response: Response, @Param('emailId') id: string) {
    const { events, unreadable, principal } = await this.#find(request, id);
    // What is evidence says all of it, or nothing.
    if (unreadable.length > 0) throw notReadable(unreadable);
    const receipt = receiptOf(events, this.#languageOf);
    if (receipt === null) throw noReceipt(events);
    if (request.accepts(['application/json', 'application/jose']) !== 'application/jose') {
      const eventIds = provenEvents(events, () => true).map(({ id }) => id);
      const proof = await this.prove(principal.tenantId, eventIds, { waits: false });
      response.json({ ...receipt, proof });
      return;
    }
    const { sign } = this.signer;
    const evidence = evidenceOf(events, {
      languageOf: this.#languageOf,
      issuer: this.#issuerOf(principal),
      now: new Date(),
    });
    if (sign === null || evidence === null)
      throw new Problem('receipt-not-signed', 'This gateway has no key for receipts.');
    response.type('application/jose').send(await sign(evidence));
  }

  /** The domain of the organisation that receipts come from. */
  #issuerOf({ tenantId }: Principal): string {
    const tenant = this.platform.tenants.get(tenantId);
    return tenant === undefined ? '' : domainOf(gatewayAddressOf(tenant));
  }

  #reader(request: Request) {
    return requirePrincipal(request, this.platform.tenants.values(), 'emails:read');
  }

  async #find(request: Request, id: string): Promise<Readable & { principal: Principal }> {
    const principal = this.#reader(request);
    const emailId = EmailId.safeParse(id);
    const sealed = emailId.success
      ? await historyOf(this.platform.pool, emailId.data, principal.tenantId)
      : [];
    // A refusal has a history and is no email.
    if (!emailId.success || !sealed.some(({ name }) => name === 'EmailAccepted'))
      throw await this.#whyNotShown(emailId.data, principal);
    await noteInspection(this.platform, principal, emailId.data);
    const { events, unreadable } = await openReadable(this.platform, sealed);
    if (acceptanceIn(events) === null) throw notReadable(unreadable);
    return { events, unreadable, principal };
  }

  async #whyNotShown(emailId: EmailId | undefined, { tenantId }: Principal): Promise<Problem> {
    const letter =
      emailId === undefined ? null : await firstDeadLetterOf(this.platform.pool, emailId, tenantId);
    return letter === null ? notFound() : setAside(letter);
  }
}

/** Of what a list shows only the acceptance says anything personal. */
const forList = ({ name }: SealedEvent): boolean => name === 'EmailAccepted';

const noReceipt = (events: readonly DomainEvent[]) =>
  acceptanceIn(events)?.data.direction === 'inbound'
    ? new Problem(
        'no-receipt',
        'The email came from outside. There is a receipt, for the postmaster, only if it can not be delivered.',
      )
    : new Problem(
        'receipt-not-ready',
        'The email is still under way for at least one recipient, or a person has just decided about it.',
      );

const setAside = ({ arrived, eventName, status, firstFailedAt }: DeadLetter) =>
  new Problem(
    'email-set-aside',
    `The email is there, and can not be shown yet: since ${firstFailedAt.toISOString()} its ${eventName ?? 'first event'} waits as dead letter ${arrived} of receipts. ${
      status === 'parked' ? 'Somebody has to have it tried again.' : 'It is tried again by itself.'
    }`,
  );

const notReadable = (unreadable: readonly string[]) =>
  new Problem(
    'email-unreadable',
    `The email is there. What receipts keeps of its events was changed: ${unreadable.join(', ')}.`,
    { unreadable },
  );

const notFound = () =>
  new Problem(
    'email-not-found',
    'No email of your organisation has this id, or it was accepted only just now.',
  );
