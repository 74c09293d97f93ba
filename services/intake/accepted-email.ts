// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';

/** What the one who handed it in is told. */
export interface AcceptedEmail {
  emailId: EmailId;
  tenantId: TenantId;
  state: 'accepted';
  acceptedAt: string;
  deadlineAt: string;
}
