// SPDX-License-Identifier: Apache-2.0
import { secret } from '@securemail/config';
import { ConsoleRole } from '@securemail/contracts';
import { isPasswordHash } from '@securemail/sign-in';
import { z } from 'zod';
import { label } from './label.ts';
import { OpenIdConnect } from './openid-connect.ts';
import { origin } from './origin.ts';

/** Where people of all organisations see what becomes of their mail. */
export const ConsoleSettings = z.strictObject({
  /** Where they find it; its pages are under /console/. */
  url: origin('https: who signs in there sees who writes to whom (http only for this machine itself)'),
  /** By which receipts says to the other services who asks, and they know that it does: at least 256 random bits. */
  tokenKey: secret().min(43, 'at least 43 characters, as `openssl rand -base64 32` makes them'),
  /** A session that nobody uses ends. */
  sessionIdleMinutes: z.number().positive().max(1_440).default(30),
  /** And every one does. */
  sessionHours: z.number().positive().max(24).default(10),
  /** Proxies before it, by whose word is gone who asks: without them, all who come by one share its limits. */
  trustedProxies: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).default([]),
  /** Where a trace is shown, with `{traceId}` where its id is to stand. */
  traceUrl: z
    .url({ protocol: /^https?$/ })
    .refine((url) => url.includes('{traceId}'), 'a URL with {traceId} in it')
    .optional(),
  /** Where lines of the log are shown, with `{traceId}` or `{emailId}` where an id is to stand. */
  logsUrl: z
    .url({ protocol: /^https?$/ })
    .refine((url) => /\{(traceId|emailId)\}/.test(url), 'a URL with {traceId} or {emailId} in it')
    .optional(),
});
export type ConsoleSettings = z.output<typeof ConsoleSettings>;

/** Values of a claim. */
const Values = z.array(z.string().min(1)).default([]);

/** A person who signs in by a password of our own: where there is no provider, and for emergencies. */
const Account = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, '1 to 40 of a-z, 0-9, ".", "_" and "-"'),
  /** As it stands beside what the person decides. */
  fullName: label(120).optional(),
  role: ConsoleRole,
  passwordHash: secret().refine(isPasswordHash, 'what `securemail console hash-password` prints'),
});

/** Who of an organisation may use the console, and for what. */
export const ConsoleOfTenant = z.strictObject({
  openIdConnect: OpenIdConnect.extend({
    scope: z.string().min(1).default('openid profile'),
    /** The claim, a text or a list of texts, that says what somebody may do. */
    rolesClaim: z.string().min(1).default('roles'),
    /** What stands in it for each role; who has several has the most. */
    roles: z
      .strictObject({ reader: Values, auditor: Values, decider: Values, operator: Values })
      .refine((roles) => Object.values(roles).some((values) => values.length > 0), 'at least one value'),
  }).optional(),
  accounts: z.array(Account).max(50).default([]),
});
export type ConsoleOfTenant = z.output<typeof ConsoleOfTenant>;
