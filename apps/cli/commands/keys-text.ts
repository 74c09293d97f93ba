// SPDX-License-Identifier: Apache-2.0
import type { KeyView } from '@securemail/crypto';
import { plain } from './certificates-text.ts';

/** A key for a person, in one line. */
export const keyLine = ({ state, kind, name, keySha256, where, certificate, retired }: KeyView): string =>
  plain(
    [
      state,
      kind,
      name,
      certificate === null
        ? `waits for its certificate (key ${keySha256.slice(0, 16)})`
        : certificate.sha256.slice(0, 16),
      ...(where === 'token' ? ['in the token'] : []),
      ...(certificate === null ? [] : [`${day(certificate.notBefore)} to ${day(certificate.notAfter)}`]),
      ...(retired === null ? [] : [`opens only, says ${retired.by}: ${retired.reason}`]),
    ].join('  '),
  );

const day = (date: Date) => date.toISOString().slice(0, 10);
