// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { pause, reasonOf } from '@securemail/event-log';
import { ATTRIBUTE, METRIC, observe, type Logger } from '@securemail/telemetry';

export interface CertificatePair {
  /** PEM, what proves its issuers behind it. */
  cert: Buffer;
  key: Buffer;
}

/** One that we prove ourselves with. */
export interface OwnCertificate {
  /** To whom: to who hands in mail at one of intake's ports, or to own mail servers. */
  place: 'submission' | 'inbound' | 'mail-route';
  /** What the log calls it. */
  setting: string;
  /** @throws Error where the two are no pair that can be read. */
  read(): CertificatePair | Promise<CertificatePair>;
  /** Another pair counts from now on. */
  renewed?(pair: CertificatePair): void;
}

interface Looked {
  /** What the file had at the last look. */
  seen: Buffer;
  inUse: Buffer;
  endsAt: number;
  told: { what: string; at: number };
  isBroken: boolean;
}

const A_MINUTE = 60_000;
const A_DAY = 24 * 60 * A_MINUTE;
/** Days before the end at which somebody is warned, the nearest first. */
const WARNINGS = [7, 30];

/**
 * Tells when they end: a gauge, and a line in the log at the start and once a day from thirty days before. Files are looked
 * at each minute. Another pair counts once two looks found the same, for it may be half written at one; what is no pair never
 * does, and the former one goes on.
 *
 * @param all those that there are now.
 */
export function watchOwnCertificates(
  logger: Logger,
  all: () => readonly OwnCertificate[],
  { everyMs = A_MINUTE, clock = () => Date.now() }: { everyMs?: number; clock?: () => number } = {},
): { close(): Promise<void> } {
  const looked = new Map<string, Looked>();
  const look = async (one: OwnCertificate) => {
    const { setting } = one;
    const known = looked.get(setting);
    const pair = await one.read();
    const endsAt = endOf(pair);
    if (known === undefined) {
      const told = { what: '', at: 0 };
      looked.set(setting, { seen: pair.cert, inUse: pair.cert, endsAt, told, isBroken: false });
      return;
    }
    known.isBroken = false;
    const isSeenTwice = known.seen.equals(pair.cert);
    known.seen = pair.cert;
    if (!isSeenTwice || known.inUse.equals(pair.cert)) return;
    one.renewed?.(pair);
    Object.assign(known, { inUse: pair.cert, endsAt });
    logger.info({ setting, endsAt: new Date(endsAt) }, 'another certificate of ours is in use');
  };
  const warn = ({ setting, place }: OwnCertificate) => {
    const known = looked.get(setting);
    if (known === undefined) return;
    const what = whatIsWrong(known.endsAt - clock());
    if (what === null || (what === known.told.what && clock() - known.told.at < A_DAY)) return;
    known.told = { what, at: clock() };
    logger.warn(
      { what, setting, place, endsAt: new Date(known.endsAt) },
      'a certificate of ours wants a successor',
    );
  };
  const watchOver = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const now = all();
      for (const each of now) {
        await look(each).catch((error: unknown) => {
          const known = looked.get(each.setting);
          if (known?.isBroken === true) return;
          if (known !== undefined) known.isBroken = true;
          logger.warn(
            { setting: each.setting, reason: reasonOf(error) },
            'a certificate of ours can not be read: the former one stays in use',
          );
        });
        warn(each);
      }
      const settings = new Set(now.map(({ setting }) => setting));
      for (const setting of looked.keys()) if (!settings.has(setting)) looked.delete(setting);
      await pause(everyMs, signal);
    }
  };
  const closing = new AbortController();
  const running = watchOver(closing.signal);
  const gauge = observe(METRIC.ownCertificates, () =>
    Promise.resolve(
      [...Map.groupBy(all(), ({ place }) => place)].flatMap(([place, same]) => {
        const ends = same.flatMap(({ setting }) => looked.get(setting)?.endsAt ?? []);
        if (ends.length === 0) return [];
        return [
          { value: (Math.min(...ends) - clock()) / 1_000, attributes: { [ATTRIBUTE.tlsPlace]: place } },
        ];
      }),
    ),
  );
  return {
    async close() {
      gauge.close();
      closing.abort();
      await running;
    },
  };
}

/** Of who proves himself, who stands first. */
const endOf = ({ cert }: CertificatePair): number => Date.parse(new X509Certificate(cert).validTo);

function whatIsWrong(left: number): string | null {
  if (left <= 0) return 'expired';
  const days = WARNINGS.find((each) => left <= each * A_DAY);
  return days === undefined ? null : `expires within ${days} days`;
}
