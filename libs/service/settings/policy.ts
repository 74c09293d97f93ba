// SPDX-License-Identifier: Apache-2.0
import { storable } from '@securemail/contracts';
import { fileLayer, layerSchema, type Base, type Rulebook } from '@securemail/policy';
import type { z } from 'zod';
import { impossible } from './impossible.ts';
import { TenantShape, type Tenant } from './tenant.ts';

/**
 * The settings of a tenant that its administrators may set otherwise, for all of it, a domain or a person. A setting
 * that is added here is inherited, explained, exported and checked like the others; it needs a default.
 */
export const Policy = TenantShape.pick({
  secureMarks: true,
  whenNotAskedSecure: true,
  guards: true,
  signatureCertificates: true,
  language: true,
  whenOutcomeUnknown: true,
  forbiddenMethods: true,
  contacts: true,
  holding: true,
  receipts: true,
});
export type Policy = z.output<typeof Policy>;

/** What may be set in one place: any part of a policy; `null` takes it back to what is inherited. */
export const PolicyLayer = layerSchema(Policy).superRefine(storable);

const FACTORY = Policy.parse({});

/** What a tenant has before its administrators set anything. What its file says as the factory does counts as the factory's. */
export const baseOf = (tenant: Tenant): Base => {
  const written = Object.keys(Policy.shape).map((key) => [key, tenant[key as keyof Policy]] as const);
  return { factory: FACTORY, file: fileLayer(FACTORY, Object.fromEntries<unknown>(written)) };
};

/** What is true of every policy, wherever it is judged. There may be a thousand contacts, and thousands of people with settings. */
export const RULEBOOK: Rulebook<Policy> = {
  schema: Policy,
  ofTenantAlone: ['contacts'],
  impossible: () => [],
};

/** What stored settings are judged by where a service starts: keys come and go, and stop no start. */
export const rulebookWithoutKeys = ({ mailbox }: Pick<Tenant, 'mailbox'>): Rulebook<Policy> => ({
  ...RULEBOOK,
  impossible: (policy) => impossible(policy, { signs: true, mailbox: mailbox !== undefined }),
});
