// SPDX-License-Identifier: Apache-2.0
import { trace } from '@opentelemetry/api';

/**
 * The named steps of an email's way, in their order: the moments between two of which a crash must lose nothing. They
 * show as span events; and a process started with `SECUREMAIL_DIE_AT=<step>` kills itself there, so that a test can
 * prove it (apps/cli/kill.test.ts).
 */
export const STEPS = [
  'mailbox:writing-stored',
  'mailbox:submitted',
  'intake:content-stored',
  'intake:accepted',
  'relay:published',
  'consumer:event-received',
  'crypto:message-stored',
  'mailbox:notification-stored',
  'consumer:event-committed',
  'delivery:job-claimed',
  'delivery:attempt-recorded',
  'delivery:handed-over',
  'delivery:outcome-recorded',
  'receipts:receipt-stored',
  'receipts:receipt-issued',
] as const;
export type Step = (typeof STEPS)[number];

/** Says that the email at hand has come so far. */
export function reached(step: Step): void {
  trace.getActiveSpan()?.addEvent(step);
  if (process.env['SECUREMAIL_DIE_AT'] === step) process.kill(process.pid, 'SIGKILL');
}
