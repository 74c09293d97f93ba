// SPDX-License-Identifier: Apache-2.0
import { DerError, TAG, type DerValue } from './der.ts';

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** UTCTime (from 1950 to 2049) or GeneralizedTime, to the second and in UTC (RFC 5652 §11.3). @throws DerError */
export function readTime({ tag, content }: DerValue): Date {
  const utc = tag === TAG.utcTime;
  const form = utc ? UTC_TIME : tag === TAG.generalizedTime ? GENERALIZED_TIME : null;
  const parts = form?.exec(content.toString('latin1'));
  if (parts === null || parts === undefined) throw new DerError('no time');
  const [digits = '', month = '', day = '', ...clock] = parts.slice(1);
  const year = utc ? `${Number(digits) < 50 ? '20' : '19'}${digits}` : digits;
  const written = `${year}-${month}-${day}T${clock.join(':')}.000Z`;
  const at = new Date(written);
  // Date takes the 30th of February for the 2nd of March, and 24:00 for the next day.
  if (Number.isNaN(at.getTime()) || at.toISOString() !== written) throw new DerError('no such time');
  return at;
}
