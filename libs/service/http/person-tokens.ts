// SPDX-License-Identifier: Apache-2.0
import { ConsoleRole, EmailId, TenantId } from '@securemail/contracts';
import type { Request, RequestHandler } from 'express';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Principal } from '../api-keys.ts';

/** Seconds. Who is signed out, or may do less by now, can do so much longer what he could. */
export const PERSON_TOKEN_SECONDS = 120;

const ISSUER = 'securemail-console';
const AUDIENCE = 'securemail-api';
const ALGORITHM = 'HS256';

const SCOPES: Record<ConsoleRole, Principal['scopes']> = {
  reader: ['emails:read', 'certificates:read'],
  auditor: ['emails:read', 'certificates:read', 'audit'],
  decider: ['emails:read', 'certificates:read', 'held:decide'],
  operator: ['emails:read', 'certificates:read', 'held:decide', 'dead-letters:replay'],
};

/** Who is signed in to the console. */
const Person = z.object({ sub: z.uuid(), tenantId: TenantId, name: z.string().min(1), role: ConsoleRole });
type Person = z.infer<typeof Person>;

/** Names who acts in events: the session, whose stream says who that is. */
export const keyIdOfSession = (sessionId: string): string => `console-${sessionId}`;

/** The session that an event names; null: it was an API key. */
export function sessionIn(keyId: string): EmailId | null {
  const named = EmailId.safeParse(keyId.replace(/^console-/, ''));
  return keyId.startsWith('console-') && named.success ? named.data : null;
}

/** What the pages of the console send to each service as a bearer token (RFC 7519). */
export const personToken = ({ sub, ...claims }: Person, key: string, now: Date): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(sub)
    .setIssuedAt(now)
    .setExpirationTime(Math.floor(now.getTime() / 1_000) + PERSON_TOKEN_SECONDS)
    .sign(octetsOf(key));

/** Three parts (RFC 7515 §3.1), each without a dot: whatever is sent is read in one go. */
const BEARER = /^Bearer +([^\s.]+\.[^\s.]+\.[^\s.]+)$/i;
/** Ours are some 400 octets. */
const MOST_OCTETS = 4_096;

const known = new WeakMap<object, Principal>();

/** Who asks, where it is a person whose token was looked at. */
export const personIn = (request: Request): Principal | null => known.get(request) ?? null;

/** Looks at bearer tokens of persons; what is none, or none any more, is for the next to refuse. */
export const personTokens =
  (key: string): RequestHandler =>
  (request, _response, next) => {
    const [, token] = BEARER.exec((request.headers.authorization ?? '').slice(0, MOST_OCTETS)) ?? [];
    if (token === undefined) {
      next();
      return;
    }
    principalIn(token, key).then(
      (principal) => {
        known.set(request, principal);
        next();
      },
      () => {
        next();
      },
    );
  };

async function principalIn(token: string, key: string): Promise<Principal> {
  const { payload } = await jwtVerify(token, octetsOf(key), {
    algorithms: [ALGORITHM],
    issuer: ISSUER,
    audience: AUDIENCE,
    requiredClaims: ['exp', 'sub'],
  });
  const { sub, tenantId, name, role } = Person.parse(payload);
  return { tenantId, keyId: keyIdOfSession(sub), senders: [], scopes: SCOPES[role], person: name };
}

const octetsOf = (key: string) => new TextEncoder().encode(key);
