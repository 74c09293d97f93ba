// SPDX-License-Identifier: Apache-2.0
import type { Platform } from '@securemail/service';
import type { LanguageOf } from './view.ts';

/** What the policy of the sender's organisation says of him. */
export const languagesOf =
  ({ tenants, policies }: Pick<Platform, 'tenants' | 'policies'>): LanguageOf =>
  ({ tenantId, personal }) => {
    const tenant = tenants.get(tenantId);
    return tenant === undefined ? 'en' : policies.of(tenant, personal?.mailFrom ?? null).language;
  };
