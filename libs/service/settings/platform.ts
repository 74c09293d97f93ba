// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { ConsoleSettings } from './console.ts';
import { OutsideSettings } from './outside.ts';
import { Tenant } from './tenant.ts';

const EventLogSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('postgres') }),
  z.strictObject({
    kind: z.literal('kafka'),
    brokers: z.array(z.string().min(1)).min(1),
    /** Set before every topic and group name. */
    prefix: z
      .string()
      .regex(/^[a-z0-9.-]+$/)
      .default('securemail'),
    partitions: z.int().min(1).max(1_000).default(8),
    /** -1: the broker's default. */
    replicationFactor: z.int().min(-1).default(-1),
    /** PEM file of the authorities to trust; TLS is used where it is set or `tls` is true. */
    caFile: z.string().optional(),
    tls: z.boolean().default(false),
    username: z.string().optional(),
    passwordFile: z.string().optional(),
  }),
]);
export type EventLogSettings = z.infer<typeof EventLogSettings>;

export const HttpSettings = z.strictObject({
  host: z.string().default('127.0.0.1'),
  /** 0: any free one. */
  port: z.int().min(0).max(65_535),
});
export type HttpSettings = z.infer<typeof HttpSettings>;

/** What every service needs. A service replaces its own section's `unknown` by its schema. */
export const PlatformSettings = z.strictObject({
  database: z.strictObject({
    /** `postgres://user:password@host:port/name`; each service uses a schema of its own in it. */
    url: z.string().regex(/^postgres(ql)?:\/\//, 'a URL that begins with postgres://'),
    /**
     * Connections a service may hold to its own schema; a third more for the vault, and with the event log on Postgres two
     * for each service that it reads. The default lets five services share a Postgres of 100 connections.
     */
    maxConnections: z.int().min(8).max(500).default(10),
  }),
  eventLog: EventLogSettings.default({ kind: 'postgres' }),
  vault: z.strictObject({
    /** The key-encryption key, as `securemail vault create-key` makes it. Lose it and every content is lost. */
    keyFile: z.string().min(1),
  }),
  /** Without it there is none. */
  console: ConsoleSettings.optional(),
  outside: OutsideSettings.default(() => OutsideSettings.parse({})),
  tenants: z
    .array(Tenant)
    .min(1)
    .superRefine((tenants, context) => {
      refuseTwice(
        tenants.map((tenant) => tenant.id),
        'tenant id',
        context,
      );
      refuseTwice(
        tenants.flatMap((tenant) => tenant.domains),
        'domain',
        context,
      );
      refuseTwice(
        tenants.flatMap((tenant) => tenant.apiKeys.map((key) => key.id)),
        'API key id',
        context,
      );
      refuseTwice(
        tenants.flatMap((tenant) => tenant.console.accounts.map(({ name }) => name)),
        'account',
        context,
      );
      refuseTwice(
        tenants.flatMap((tenant) => tenant.apiKeys.map((key) => key.sha256)),
        'API key with the SHA-256',
        context,
      );
    }),
  intake: z.unknown().optional(),
  crypto: z.unknown().optional(),
  delivery: z.unknown().optional(),
  mailbox: z.unknown().optional(),
  receipts: z.unknown().optional(),
});
export type PlatformSettings = z.infer<typeof PlatformSettings>;

function refuseTwice(values: readonly string[], what: string, context: z.RefinementCtx): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined)
    context.addIssue({ code: 'custom', message: `the ${what} "${twice}" stands twice` });
}
