// SPDX-License-Identifier: Apache-2.0
import { Controller, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { ATTR_HTTP_REQUEST_METHOD, ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import { newEmailId } from '@securemail/contracts';
import { composeMessage, RefusedFieldError } from '@securemail/mime';
import {
  faultsOf,
  PLATFORM,
  Problem,
  requirePrincipal,
  type Platform,
  type Principal,
  type Tenant,
} from '@securemail/service';
import { ATTRIBUTE, withSpan } from '@securemail/telemetry';
import type { Request, Response } from 'express';
import { createAcceptance, type Acceptance, type HandedIn } from '../acceptance.ts';
import type { AcceptedEmail } from '../accepted-email.ts';
import { countRefusal } from '../count-refusal.ts';
import { KeyTakenError, recall, type IdempotentRequest } from '../adapters/idempotency-keys.ts';
import type { GuardSources } from '../guarding.ts';
import { senderRule } from '../sender-rule.ts';
import { GUARD_SOURCES, INTAKE_SETTINGS, type IntakeSettings } from '../settings.ts';
import { ADDRESS_FAULT, EmailRequest } from './email-request.ts';
import { envelopeOf } from './header-envelope.ts';
import { jsonBudget, type Share } from './json-budget.ts';
import { collect, readBody } from './read-body.ts';

type Body = ReturnType<typeof readBody>;

/** `POST /v1/emails`: hands in one email, as JSON or as message/rfc822. */
@Controller('v1/emails')
export class EmailsController {
  readonly #accept: Acceptance;
  readonly #newShare: () => Share;

  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(INTAKE_SETTINGS) private readonly settings: IntakeSettings,
    @Inject(GUARD_SOURCES) sources: GuardSources,
  ) {
    this.#accept = createAcceptance(platform, settings, sources);
    this.#newShare = jsonBudget(settings.maxJsonBytesAtOnce);
  }

  @Post()
  @HttpCode(202)
  send(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Query('secure') secure?: unknown,
  ) {
    const parent = request.headers['traceparent'];
    return withSpan(
      'securemail.intake',
      'POST /v1/emails',
      {
        kind: SpanKind.SERVER,
        attributes: { [ATTR_HTTP_REQUEST_METHOD]: 'POST', [ATTR_HTTP_ROUTE]: '/v1/emails' },
        ...(typeof parent === 'string' ? { parent } : {}),
      },
      async (span) => {
        const principal = requirePrincipal(request, this.platform.tenants.values(), 'emails:send');
        const share = this.#newShare();
        const received = this.#receive(request, principal, secureOf(secure), share);
        const { answer, replayed } = await received.finally(() => {
          share.end();
        });
        span.setAttributes({
          [ATTRIBUTE.emailId]: answer.emailId,
          [ATTRIBUTE.tenantId]: answer.tenantId,
        });
        response.location(`/v1/emails/${answer.emailId}`);
        if (replayed) response.set('Idempotency-Replayed', 'true');
        return answer;
      },
    ).catch((error: unknown) => {
      countRefusal(error);
      throw error;
    });
  }

  async #receive(
    request: Request,
    principal: Principal,
    secure: boolean,
    share: Share,
  ): Promise<{ answer: AcceptedEmail; replayed: boolean }> {
    const body = readBody(request, this.settings.maxMessageBytes);
    const key = idempotencyKeyOf(request);
    if (key === null)
      return {
        answer: await this.#accept(await this.#handedIn(request, principal, secure, body, share)),
        replayed: false,
      };
    const idempotent: IdempotentRequest = { principal, key };
    if ((await recall(this.platform.pool, idempotent)) !== null) return this.#again(idempotent, body);
    try {
      const handedIn = await this.#handedIn(request, principal, secure, body, share);
      const idempotency = { request: idempotent, fingerprint: body.fingerprint };
      return { answer: await this.#accept({ ...handedIn, idempotency }), replayed: false };
    } catch (error) {
      if (error instanceof KeyTakenError) return this.#again(idempotent, body);
      throw error;
    }
  }

  /** The same key again: the same answer for the same body, else `409`. */
  async #again(
    idempotent: IdempotentRequest,
    body: Body,
  ): Promise<{ answer: AcceptedEmail; replayed: boolean }> {
    for await (const _ of body.source);
    const remembered = await recall(this.platform.pool, idempotent);
    if (remembered?.fingerprint.equals(body.fingerprint()) !== true) {
      throw new Problem('idempotency-key-reused', 'This Idempotency-Key was used with another body.');
    }
    return { answer: remembered.answer, replayed: true };
  }

  async #handedIn(
    request: Request,
    principal: Principal,
    secure: boolean,
    body: Body,
    share: Share,
  ): Promise<HandedIn> {
    const tenant = this.platform.tenants.get(principal.tenantId);
    if (tenant === undefined) throw new Problem('unauthenticated', 'The tenant of this key is gone.');
    const common = {
      tenant,
      channel: 'rest' as const,
      submittedBy: principal.keyId,
      protocol: 'HTTP',
      client: null,
      senderAllowed: senderRule(principal),
      digest: body.digest,
    };
    if (request.is('message/rfc822') === 'message/rfc822') {
      return { ...common, askedByApi: secure, source: body.source, envelope: envelopeOf };
    }
    if (request.is('application/json') !== 'application/json') {
      throw new Problem('unsupported-media-type', 'Send application/json or message/rfc822.');
    }
    const { announced, source } = body;
    const email = parseEmail(
      await collect(source, { announced, maxBytes: this.settings.maxJsonBytes, share }),
    );
    const recipients = [...email.to, ...email.cc, ...email.bcc].map(({ address }) => address);
    return {
      ...common,
      askedByApi: email.secure,
      source: compose(email, tenant),
      envelope: () => ({ mailFrom: email.from.address, recipients }),
    };
  }
}

/** Who writes `False` or `0` means no, and would be taken at the opposite of their word: so only two words are taken. */
function secureOf(parameter: unknown): boolean {
  if (parameter === undefined || parameter === 'true') return true;
  if (parameter === 'false') return false;
  throw new Problem('invalid-request', 'The parameter secure is wrong.', {
    errors: [{ path: 'secure', message: 'is true or false, once, in lower case' }],
  });
}

const KEY = /^[\x21-\x7e]{1,256}$/;

function idempotencyKeyOf(request: Request): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new Problem('invalid-idempotency-key', 'A key is 1 to 256 visible ASCII characters.');
  }
  return key;
}

function parseEmail(bytes: Buffer): EmailRequest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem('malformed-json', 'The body could not be read as JSON in UTF-8.');
  }
  const read = EmailRequest.safeParse(json);
  if (read.success) return read.data;
  const errors = faultsOf(read.error, 'is not a field of an email');
  const onlyAddresses = errors.every(({ message }) => message.startsWith(ADDRESS_FAULT));
  throw new Problem(
    onlyAddresses ? 'invalid-address' : 'invalid-request',
    `${errors.length} field(s) are wrong.`,
    { errors },
  );
}

function compose({ expiresAt, ...email }: EmailRequest, tenant: Tenant): AsyncIterable<Buffer> {
  const expires =
    expiresAt === undefined ? {} : { Expires: new Date(expiresAt).toUTCString().replace('GMT', '+0000') };
  try {
    return composeMessage({
      ...email,
      headers: { ...email.headers, ...expires },
      attachments: email.attachments.map((part) => ({
        ...part,
        content: Buffer.from(part.content, 'base64'),
      })),
      date: new Date(),
      messageId: `<${newEmailId()}@${tenant.domains[0] ?? 'localhost'}>`,
    });
  } catch (error) {
    if (!(error instanceof RefusedFieldError)) throw error;
    throw new Problem('invalid-request', `${error.message}.`, { code: error.code });
  }
}
