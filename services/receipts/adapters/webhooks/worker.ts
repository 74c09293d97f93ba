// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import { pause, reasonOf, sleeper, waitAfter } from '@securemail/event-log';
import type { Platform } from '@securemail/service';
import { ATTRIBUTE, count, METRIC, observe, withSpan } from '@securemail/telemetry';
import type { ReceiptsSettings } from '../../settings.ts';
import {
  claimDeliveries,
  oldestWaiting,
  recordHealth,
  recordOutcome,
  tidyDeliveries,
  webhooksWithWork,
  type Claimed,
} from './deliveries.ts';
import { signedHeaders, unwrapSecret } from './secrets.ts';
import { findWebhook, type WebhookRow } from './store.ts';
import { post, type Posted, type TargetRules } from './target.ts';

export interface WebhookWorker {
  wake(): void;
  close(): Promise<void>;
}

/** Under way to one webhook at a time, in this process; to one that fails, one. */
const AT_ONCE = 8;
const LONGEST_WAIT_MS = 3_600_000;
const TIDY_MS = 600_000;

/**
 * Tells webhooks what they are to be told: each of them by itself, so that one that is slow or away keeps nobody waiting.
 * A lease that is longer than any try says whose a delivery is; where a process dies another one goes on after it.
 */
export function startWebhookWorker(
  platform: Platform,
  settings: ReceiptsSettings['webhooks'],
  rules: TargetRules,
): WebhookWorker {
  const { pool, kek, logger } = platform;
  const closing = new AbortController();
  const { signal } = closing;
  const { look, sleep, wake } = sleeper();
  const busy = new Map<string, Promise<void>>();

  const settle = async (webhook: WebhookRow, claimed: Claimed, posted: Posted) => {
    const at = new Date();
    const { status, failure } = posted;
    const ok = status !== null && status >= 200 && status < 300;
    const wait = waitAfter(claimed.attempts, {
      firstMs: settings.firstRetrySeconds * 1_000,
      longestMs: LONGEST_WAIT_MS,
    });
    // Half of it is chance: what failed together does not come again together.
    const nextAt = new Date(at.getTime() + wait * (0.5 + Math.random() / 2));
    const over = !ok && nextAt > claimed.giveUpAt;
    await recordOutcome(pool, claimed, {
      status: ok ? 'delivered' : over ? 'failed' : 'waiting',
      at,
      lastStatus: status,
      failure: failure ?? (ok ? null : 'refused'),
      nextAt,
    });
    count(METRIC.webhookDeliveries, {
      [ATTRIBUTE.outcome]: ok ? 'delivered' : over ? 'failed' : 'deferred',
    });
    const { disabled } = await recordHealth(
      pool,
      webhook.webhookId,
      ok
        ? { ok }
        : {
            ok,
            at,
            // 410 says for good that nobody listens there any more.
            gone: status === 410,
            disableBefore: new Date(at.getTime() - settings.disableAfterHours * 3_600_000),
          },
    );
    if (disabled)
      logger.error(
        { tenantId: webhook.tenantId, webhookId: webhook.webhookId },
        'a webhook was disabled: it failed for too long, or said that it is gone',
      );
  };

  const deliver = async (webhook: WebhookRow, claimed: Claimed, secrets: readonly string[]) => {
    const attributes = {
      [ATTRIBUTE.tenantId]: webhook.tenantId,
      ...(claimed.emailId === null ? {} : { [ATTRIBUTE.emailId]: claimed.emailId }),
    };
    await withSpan(
      'securemail.receipts',
      'deliver webhook',
      { attributes, parent: claimed.traceparent },
      async () => {
        const { deliveryId, payload } = claimed;
        const headers = {
          'content-type': 'application/json',
          'user-agent': 'Secure@Mail',
          ...signedHeaders(`msg_${deliveryId}`, new Date(), payload, secrets),
        };
        const posted = await post(webhook.url, Buffer.from(payload), headers, rules, signal);
        // Called off because this process ends: the lease runs out, and another one tries again.
        if (signal.aborted && posted.status === null) return;
        await settle(webhook, claimed, posted);
      },
    );
  };

  const serve = async (tenantId: TenantId, webhookId: string) => {
    for (;;) {
      const webhook = await findWebhook(pool, tenantId, webhookId);
      if (webhook?.enabled !== true || signal.aborted) return;
      const now = new Date();
      const claimed = await claimDeliveries(pool, webhookId, {
        now,
        leasedUntil: new Date(now.getTime() + settings.timeoutSeconds * 1_000 + 30_000),
        limit: webhook.failingSince === null ? AT_ONCE : 1,
      });
      if (claimed.length === 0) return;
      const wrapped = [
        webhook.secret,
        ...(webhook.formerSecret !== null && (webhook.formerUntil ?? now) > now
          ? [webhook.formerSecret]
          : []),
      ];
      const secrets = await Promise.all(wrapped.map((each) => unwrapSecret(kek, each, webhook)));
      await Promise.all(claimed.map((each) => deliver(webhook, each, secrets)));
    }
  };

  const round = async () => {
    for (const { webhookId, tenantId } of await webhooksWithWork(pool, new Date())) {
      if (busy.has(webhookId)) continue;
      const work = serve(tenantId, webhookId)
        .catch((error: unknown) => {
          logger.error({ tenantId, webhookId, reason: reasonOf(error) }, 'a webhook could not be served');
        })
        .finally(() => busy.delete(webhookId));
      busy.set(webhookId, work);
    }
  };

  const run = async () => {
    let tidiedAt = 0;
    while (!signal.aborted) {
      look();
      try {
        await round();
        if (tidiedAt < Date.now() - TIDY_MS) {
          tidiedAt = Date.now();
          const keptSince = new Date(tidiedAt - settings.keepDays * 24 * 3_600_000);
          await tidyDeliveries(pool, new Date(tidiedAt), keptSince);
        }
      } catch (error) {
        logger.warn({ reason: reasonOf(error) }, 'webhooks could not be looked for, trying again');
      }
      // Many events wake it: a short breath lets one look serve several.
      await pause(50, signal);
      await sleep(settings.pollMs, signal);
    }
  };
  const running = run();
  const watched = observe(METRIC.webhooksOldestAge, async () => {
    const oldest = await oldestWaiting(pool);
    const age = oldest === null ? 0 : (Date.now() - oldest.getTime()) / 1_000;
    return [{ value: Math.max(0, age), attributes: {} }];
  });
  return {
    wake,
    close: async () => {
      watched.close();
      closing.abort();
      await running;
      await Promise.all(busy.values());
    },
  };
}
