// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Inject, Param, Query, Req, Res } from '@nestjs/common';
import {
  domainOf,
  EmailId,
  readEvent,
  type DomainEvent,
  type SealedEvent,
  type TenantId,
} from '@securemail/contracts';
import {
  gatewayAddressOf,
  PLATFORM,
  Problem,
  readQuery,
  requirePrincipal,
  type Platform,
} from '@securemail/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { historiesOf, historyOf, listEmails } from '../adapters/projection.ts';
import type { ReceiptSigner } from '../adapters/receipt-signer.ts';
import { EMAIL_STATES } from '../domain/email.ts';
import { byTime } from '../domain/order.ts';
import { RECEIPT_SIGNER } from '../settings.ts';
import { cursorAfter, readCursor } from './cursor.ts';
import { evidenceOf } from './evidence.ts';
import { acceptanceIn, eventView, receiptOf, viewOf, type EmailView, type LanguageOf } from './view.ts';

const Moment = z.iso.datetime({
  offset: true,
  error: 'is a time with its zone, such as 2026-01-31T08:00:00Z',
});

export const ListQuery = z.strictObject({
  state: z.enum(EMAIL_STATES).optional().describe('Only emails in this state'),
  since: Moment.optional().describe('Accepted at this time or later'),
  until: Moment.optional().describe('Accepted before this time'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional().describe('The `next` of the page before'),
});

/** What became of emails: their state, their events, their receipt. */
@Controller('v1/emails')
export class EmailsController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(RECEIPT_SIGNER) private readonly signer: ReceiptSigner,
  ) {}

  @Get()
  async list(
    @Req() request: Request,
    @Query() query: unknown,
  ): Promise<{ emails: EmailView[]; next: string | null }> {
    const { tenantId } = this.#reader(request);
    const { state, since, until, limit, cursor } = readQuery(ListQuery, query);
    const rows = await listEmails(this.platform.pool, {
      tenantId,
      state: state ?? null,
      since: since === undefined ? null : new Date(since),
      until: until === undefined ? null : new Date(until),
      after: cursor === undefined ? null : readCursor(cursor),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const emailIds = page.map(({ emailId }) => emailId);
    const histories = await historiesOf(this.platform.pool, emailIds, tenantId);
    const views = await Promise.all(
      emailIds.map(async (emailId) =>
        viewOf(
          await Promise.all((histories.get(emailId) ?? []).map((event) => this.#openForList(event))),
          this.#languageOf,
        ),
      ),
    );
    const last = page.at(-1);
    return {
      emails: views.filter((view) => view !== null),
      next: rows.length > limit && last !== undefined ? cursorAfter(last) : null,
    };
  }

  @Get(':emailId')
  async show(@Req() request: Request, @Param('emailId') id: string): Promise<EmailView> {
    const view = viewOf(await this.#find(request, id), this.#languageOf);
    if (view === null) throw notFound();
    return view;
  }

  @Get(':emailId/events')
  async events(@Req() request: Request, @Param('emailId') id: string) {
    const events = await this.#find(request, id);
    return { events: events.toSorted(byTime).map(eventView) };
  }

  @Get(':emailId/receipt')
  @Header('Vary', 'Accept')
  async receipt(@Req() request: Request, @Res() response: Response, @Param('emailId') id: string) {
    const events = await this.#find(request, id);
    const receipt = receiptOf(events, this.#languageOf);
    if (receipt === null) throw noReceipt(events);
    if (request.accepts(['application/json', 'application/jose']) !== 'application/jose') {
      response.json(receipt);
      return;
    }
    const { sign } = this.signer;
    const evidence = evidenceOf(events, {
      languageOf: this.#languageOf,
      issuer: this.#issuerOf(request),
      now: new Date(),
    });
    if (sign === null || evidence === null)
      throw new Problem('receipt-not-signed', 'This gateway has no key for receipts.');
    response.type('application/jose').send(await sign(evidence));
  }

  /** The domain of the organisation that receipts come from. */
  #issuerOf(request: Request): string {
    const tenant = this.platform.tenants.get(this.#reader(request).tenantId);
    return tenant === undefined ? '' : domainOf(gatewayAddressOf(tenant));
  }

  #reader(request: Request) {
    return requirePrincipal(request, this.platform.tenants.values(), 'emails:read');
  }

  readonly #languageOf: LanguageOf = ({ tenantId, personal }) => {
    const tenant = this.platform.tenants.get(tenantId);
    return tenant === undefined
      ? 'en'
      : this.platform.policies.of(tenant, personal?.mailFrom ?? null).language;
  };

  async #find(request: Request, id: string): Promise<DomainEvent[]> {
    const { tenantId } = this.#reader(request);
    const emailId = EmailId.safeParse(id);
    const events = emailId.success ? await this.#events(emailId.data, tenantId) : [];
    // A refusal has a history and is no email.
    if (!events.some(({ name }) => name === 'EmailAccepted')) throw notFound();
    return events;
  }

  /** Of what a list shows only the acceptance says anything personal. */
  async #openForList(event: SealedEvent): Promise<DomainEvent> {
    return event.name === 'EmailAccepted' ? this.platform.store.open(event) : readEvent(event, undefined);
  }

  async #events(emailId: EmailId, tenantId: TenantId): Promise<DomainEvent[]> {
    const sealed = await historyOf(this.platform.pool, emailId, tenantId);
    return Promise.all(sealed.map((event) => this.platform.store.open(event)));
  }
}

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

const notFound = () =>
  new Problem(
    'email-not-found',
    'No email of your organisation has this id, or it was accepted only just now.',
  );
