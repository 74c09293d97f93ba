// SPDX-License-Identifier: Apache-2.0

/** Base64 in lines of so many columns, each ended as told. */
export const base64In = (bytes: Buffer, width = 76, lineEnd = '\r\n'): string =>
  (bytes.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(lineEnd) + lineEnd;

/** A message with these fields and a body as they stand. */
export const withHeader = (header: string, body: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`From: a@a.example\r\n${header}\r\n\r\n`), Buffer.from(body)]);
