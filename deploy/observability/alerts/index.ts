// SPDX-License-Identifier: Apache-2.0
import type { Alert } from '../alert.ts';
import { SLO_ALERTS } from '../slo.ts';
import { CERTIFICATE_ALERTS } from './certificates.ts';
import { EMAIL_ALERTS } from './emails.ts';
import { EVENT_ALERTS } from './events.ts';
import { MAIL_SERVER_ALERTS } from './mail-servers.ts';
import { RECEIPT_ALERTS } from './receipts.ts';
import { RECORD_ALERTS } from './records.ts';
import { SERVICE_ALERTS } from './services.ts';
import { SURROUNDING_ALERTS } from './surroundings.ts';

/** In the order of the runbooks. */
export const ALERTS: readonly Alert[] = [
  ...SLO_ALERTS,
  ...EMAIL_ALERTS,
  ...RECEIPT_ALERTS,
  ...EVENT_ALERTS,
  ...RECORD_ALERTS,
  ...SERVICE_ALERTS,
  ...MAIL_SERVER_ALERTS,
  ...CERTIFICATE_ALERTS,
  ...SURROUNDING_ALERTS,
];
