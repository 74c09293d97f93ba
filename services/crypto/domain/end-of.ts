// SPDX-License-Identifier: Apache-2.0
import type { Certificate, Judgement } from '@securemail/smime';

/** From when on a certificate is of no use, and which one of its path ends then: itself, or an authority above it. */
export interface End {
  at: Date;
  by: Certificate;
}

/** A certificate holds to the end of the second of its notAfter (RFC 5280 §4.1.2.5). */
export const A_SECOND = 1_000;
/** Nobody makes much work by authorities that end one after the other: whatever follows, it ends there. */
const MOST_PATHS = 8;

/**
 * An authority may end before what it vouches for. That is no end where another path goes on from there, as with an
 * authority that was renewed with its key.
 *
 * @param path from the authority that is trusted down to it, as it is now.
 * @param judgeAt judges it as it was judged now, at another moment.
 */
export function endOf(path: readonly Certificate[], judgeAt: (at: Date) => Judgement): End | null {
  let end = firstToEnd(path);
  for (let paths = 1; paths < MOST_PATHS && end !== null && end.by !== path.at(-1); paths += 1) {
    const then = judgeAt(new Date(end.at.getTime() + A_SECOND));
    if (!then.ok) break;
    end = firstToEnd(then.path);
  }
  return end;
}

/** Of several that end at once it is the lowest. */
function firstToEnd(path: readonly Certificate[]): End | null {
  const [first] = path.toReversed().toSorted((a, b) => a.notAfter.getTime() - b.notAfter.getTime());
  return first === undefined ? null : { at: first.notAfter, by: first };
}
