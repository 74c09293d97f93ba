// SPDX-License-Identifier: Apache-2.0
import type { Platform } from '@securemail/service';
import type { RemindAfterHours } from './projection.ts';

/** Of who sent it; of the organisation where the email was erased. */
export const remindAfterHoursOf =
  ({ tenants, policies, store }: Pick<Platform, 'tenants' | 'policies' | 'store'>): RemindAfterHours =>
  async (acceptance) => {
    const tenant = tenants.get(acceptance.tenantId);
    if (tenant === undefined) return [];
    const event = await store.open(acceptance);
    const sender = event.name === 'EmailAccepted' ? (event.personal?.mailFrom ?? null) : null;
    return policies.of(tenant, sender).holding.remindAfterHours;
  };
