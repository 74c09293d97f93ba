// SPDX-License-Identifier: Apache-2.0
import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { newEventId, type TenantId } from '@securemail/contracts';
import {
  cursorOf,
  jsonBody,
  PLATFORM,
  Problem,
  readCursor,
  readQuery,
  requirePrincipal,
  type Platform,
} from '@securemail/service';
import type { Request } from 'express';
import { z } from 'zod';
import { addDeliveries, listDeliveries, redeliver } from '../adapters/webhooks/deliveries.ts';
import { newSecret, wrapSecret } from '../adapters/webhooks/secrets.ts';
import {
  addWebhook,
  changeWebhook,
  findWebhook,
  listWebhooks,
  removeWebhook,
  rotateSecret,
  type WebhookRow,
} from '../adapters/webhooks/store.ts';
import { refusalOf, type TargetRules } from '../adapters/webhooks/target.ts';
import type { WebhookWorker } from '../adapters/webhooks/worker.ts';
import { RECEIPTS_SETTINGS, TARGET_RULES, WEBHOOK_WORKER, type ReceiptsSettings } from '../settings.ts';
import {
  DeliveriesQuery,
  deliveryView,
  SecretRequest,
  WebhookChange,
  WebhookRequest,
  WebhooksQuery,
  webhookView,
} from './webhook-requests.ts';

/** Of one organisation. */
const MOST = 20;

/** Where the organisation of the key is told over HTTP. */
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(WEBHOOK_WORKER) private readonly worker: WebhookWorker,
    @Inject(TARGET_RULES) private readonly rules: TargetRules,
    @Inject(RECEIPTS_SETTINGS) private readonly settings: ReceiptsSettings,
  ) {}

  @Post()
  async create(@Req() request: Request) {
    const tenantId = this.#administrator(request);
    const { url, types, description } = await jsonBody(request, WebhookRequest);
    this.#refuse(url);
    const webhookId = newEventId();
    const secret = newSecret();
    const wrapped = await wrapSecret(this.platform.kek, secret, { tenantId, webhookId });
    const row = { webhookId, tenantId, url, types, description, secret: wrapped, createdAt: new Date() };
    if (!(await addWebhook(this.platform.pool, row, MOST)))
      throw new Problem('webhook-refused', `An organisation may have ${MOST} webhooks.`);
    return { ...webhookView(await this.#find(tenantId, webhookId)), secret };
  }

  @Get()
  async list(@Req() request: Request, @Query() query: unknown) {
    const tenantId = this.#administrator(request);
    const { limit, cursor } = readQuery(WebhooksQuery, query);
    const after = cursor === undefined ? null : readCursor(cursor, z.uuid());
    const rows = await listWebhooks(this.platform.pool, tenantId, after, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      webhooks: page.map(webhookView),
      next: rows.length > limit && last !== undefined ? cursorOf(last.webhookId) : null,
    };
  }

  @Get(':webhookId')
  async show(@Req() request: Request, @Param('webhookId') id: string) {
    return webhookView(await this.#find(this.#administrator(request), id));
  }

  @Patch(':webhookId')
  async change(@Req() request: Request, @Param('webhookId') id: string) {
    const webhook = await this.#find(this.#administrator(request), id);
    const change = await jsonBody(request, WebhookChange);
    if (change.url !== undefined) this.#refuse(change.url);
    await changeWebhook(this.platform.pool, webhook, change);
    this.worker.wake();
    return webhookView(await this.#find(webhook.tenantId, id));
  }

  @Delete(':webhookId')
  @HttpCode(204)
  async remove(@Req() request: Request, @Param('webhookId') id: string): Promise<void> {
    const { tenantId, webhookId } = await this.#find(this.#administrator(request), id);
    await removeWebhook(this.platform.pool, tenantId, webhookId);
  }

  /** Another secret; the former one signs, too, for a while. */
  @Post(':webhookId/secret')
  @HttpCode(200)
  async rotate(@Req() request: Request, @Param('webhookId') id: string) {
    const webhook = await this.#find(this.#administrator(request), id);
    const { overlapHours } = await jsonBody(request, SecretRequest, { whenEmpty: {} });
    const secret = newSecret();
    const wrapped = await wrapSecret(this.platform.kek, secret, webhook);
    const until = new Date(Date.now() + overlapHours * 3_600_000);
    await rotateSecret(this.platform.pool, webhook, wrapped, until);
    return { ...webhookView(await this.#find(webhook.tenantId, id)), secret };
  }

  @Post(':webhookId/test')
  @HttpCode(202)
  async test(@Req() request: Request, @Param('webhookId') id: string) {
    const { webhookId, enabled } = await this.#find(this.#administrator(request), id);
    if (!enabled) throw new Problem('webhook-refused', 'It is disabled: enable it first.');
    const [deliveryId, now] = [newEventId(), new Date()];
    const payload = JSON.stringify({
      type: 'webhook.test',
      timestamp: now.toISOString(),
      data: { webhookId },
    });
    const delivery = { deliveryId, webhookId, emailId: null, eventId: deliveryId, payload };
    await addDeliveries(
      this.platform.pool,
      [{ ...delivery, type: 'webhook.test', traceparent: null }],
      now,
      this.#giveUpAt(now),
    );
    this.worker.wake();
    return { deliveryId };
  }

  @Get(':webhookId/deliveries')
  async deliveries(@Req() request: Request, @Param('webhookId') id: string, @Query() query: unknown) {
    const { webhookId } = await this.#find(this.#administrator(request), id);
    const { status = null, limit, cursor } = readQuery(DeliveriesQuery, query);
    const before = cursor === undefined ? null : readCursor(cursor, z.string().regex(/^\d{1,18}$/));
    const rows = await listDeliveries(this.platform.pool, webhookId, { status, before, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      deliveries: page.map(deliveryView),
      next: rows.length > limit && last !== undefined ? cursorOf(last.position) : null,
    };
  }

  @Post(':webhookId/deliveries/:deliveryId/redeliver')
  @HttpCode(202)
  async again(
    @Req() request: Request,
    @Param('webhookId') id: string,
    @Param('deliveryId') deliveryId: string,
  ) {
    const { webhookId, enabled } = await this.#find(this.#administrator(request), id);
    if (!enabled) throw new Problem('webhook-refused', 'It is disabled: enable it first.');
    const now = new Date();
    const known =
      z.uuid().safeParse(deliveryId).success &&
      (await redeliver(this.platform.pool, webhookId, deliveryId, now, this.#giveUpAt(now)));
    if (!known) throw notFound('No delivery of this webhook has this id.');
    this.worker.wake();
    return { deliveryId };
  }

  #administrator(request: Request): TenantId {
    return requirePrincipal(request, this.platform.tenants.values(), 'admin').tenantId;
  }

  async #find(tenantId: TenantId, webhookId: string): Promise<WebhookRow> {
    const known = z.uuid().safeParse(webhookId).success;
    const found = known ? await findWebhook(this.platform.pool, tenantId, webhookId) : null;
    if (found === null) throw notFound('No webhook of your organisation has this id.');
    return found;
  }

  #refuse(url: string): void {
    const refused = refusalOf(url, this.rules);
    if (refused !== null) throw new Problem('webhook-refused', `The URL ${refused}.`);
  }

  #giveUpAt(now: Date): Date {
    return new Date(now.getTime() + this.settings.webhooks.giveUpAfterHours * 3_600_000);
  }
}

const notFound = (detail: string) => new Problem('webhook-not-found', detail);
