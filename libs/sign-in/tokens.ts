// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, as they stand in a link or a cookie. */
export const newToken = (): string => randomBytes(32).toString('base64url');

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
export const isToken = (text: unknown): text is string => typeof text === 'string' && TOKEN.test(text);

/** What is kept of a token: with so many random bits nothing slower is needed. */
export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
