// SPDX-License-Identifier: Apache-2.0
import type { NextFunction, Request, Response } from 'express';

/** Of answers that are no pages: nothing of them runs, loads or is framed, whatever a browser takes them for. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  // A link of SecureMailBox names a message: nobody else learns it.
  'Referrer-Policy': 'no-referrer',
  // Browsers heed it over TLS alone (RFC 6797 §8.1).
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
};

/** What every answer says to browsers; pages say of themselves what else they may. Constants, so no library makes them. */
export function defaultHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.set(HEADERS);
  next();
}
