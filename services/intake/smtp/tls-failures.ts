// SPDX-License-Identifier: Apache-2.0
import { ATTRIBUTE, count, countFromZero, METRIC } from '@securemail/telemetry';
import type { SMTPServer, SMTPServerSession } from 'smtp-server';

/** Why TLS was begun at a port and not agreed on. */
const REASONS: [RegExp, string][] = [
  // What a client says that does not trust what it was shown.
  [/ALERT_(UNKNOWN_CA|(BAD_|UNSUPPORTED_)?CERTIFICATE)/, 'certificate-refused'],
  [/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW|INAPPROPRIATE_FALLBACK/, 'no-common-version'],
  [/NO_SHARED_|NO_SUITABLE_|NO_CIPHERS|ALERT_HANDSHAKE_FAILURE/, 'no-common-cipher'],
  [/WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST|UNEXPECTED_MESSAGE|PACKET_LENGTH/, 'no-tls'],
  [/^(ECONN|EPIPE|ETIMEDOUT|E[A-Z]+UNREACH|SocketError)/, 'broken-off'],
];
const OTHER = 'other';

interface Connection {
  id: string;
  /** STARTTLS was answered, and TLS is not agreed on yet. */
  _upgrading: boolean;
  on(event: 'error', listener: (error: { code?: unknown }) => void): void;
}

export interface TlsFailures {
  entered(server: SMTPServer, session: SMTPServerSession): void;
  left(session: SMTPServerSession): void;
}

/**
 * Counts who begins TLS and does not get to its end. smtp-server has no hook for that, and says nothing of who breaks off: so
 * its connections are looked at, as they leave at the latest.
 */
export function tlsFailuresAt(place: 'submission' | 'inbound'): TlsFailures {
  const of = (reason: string) => ({ [ATTRIBUTE.tlsPlace]: place, [ATTRIBUTE.reason]: reason });
  for (const reason of [...REASONS.map(([, name]) => name), OTHER])
    countFromZero(METRIC.tlsFailures, of(reason));
  const open = new Map<string, Connection>();
  const fail = (connection: Connection, reason: string) => {
    if (!connection._upgrading || !open.delete(connection.id)) return;
    count(METRIC.tlsFailures, of(reason));
  };
  return {
    entered(server, { id }) {
      const connection = [...(server.connections as Set<Connection>)].find((each) => each.id === id);
      if (connection === undefined) return;
      open.set(id, connection);
      connection.on('error', ({ code }) => {
        const [, reason = OTHER] = REASONS.find(([pattern]) => pattern.test(String(code))) ?? [];
        fail(connection, reason);
      });
    },
    left({ id }) {
      const connection = open.get(id);
      if (connection !== undefined) fail(connection, 'broken-off');
      open.delete(id);
    },
  };
}
