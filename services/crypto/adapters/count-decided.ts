// SPDX-License-Identifier: Apache-2.0
import type { NewEvent } from '@securemail/contracts';
import { ATTRIBUTE, count, METRIC } from '@securemail/telemetry';

/** Counts what was decided about an email and what was made of it; to be called once that is durable. */
export function countDecided(events: readonly NewEvent[]): void {
  for (const { name, data } of events) {
    if (name === 'ProtectionPlanned')
      for (const { method, passedOver } of data.recipients) {
        count(METRIC.recipientsPlanned, { [ATTRIBUTE.protectionMethod]: method ?? 'none' });
        for (const { method: stronger, because } of passedOver)
          count(METRIC.methodsPassedOver, {
            [ATTRIBUTE.protectionMethod]: stronger,
            [ATTRIBUTE.reason]: because,
          });
      }
    if (name === 'EmailProtected')
      count(METRIC.messagesProtected, { [ATTRIBUTE.protectionMethod]: data.method });
    if (name === 'EmailOpened') count(METRIC.messagesOpened, { [ATTRIBUTE.verdict]: data.verdict });
    if (name === 'EmailHeld')
      for (const _ of data.recipientIds) count(METRIC.recipientsHeld, { [ATTRIBUTE.reason]: data.because });
  }
}
