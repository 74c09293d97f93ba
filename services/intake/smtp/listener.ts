// SPDX-License-Identifier: Apache-2.0
import type { AddressInfo } from 'node:net';
import { readAddress, type Address } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import {
  GRACE_MS,
  Problem,
  problemOf,
  watchOwnCertificates,
  type CertificatePair,
} from '@securemail/service';
import type { Logger } from '@securemail/telemetry';
import type {
  SMTPServer,
  SMTPServerAddress,
  SMTPServerDataStream,
  SMTPServerOptions,
  SMTPServerSession,
} from 'smtp-server';
import { countRefusal } from '../count-refusal.ts';
import { readCertificateFiles, SECTION, type CertificateFiles } from './certificate-files.ts';
import { smtpReplyOf } from './smtp-reply.ts';

export interface SmtpListener {
  port: number;
  close(): Promise<void>;
}

/** How long a silent client is waited for (RFC 5321 §4.5.3.2.7). */
const PATIENCE_MS = 5 * 60_000;

/** What is the same whoever hands in mail. */
export const COMMON: SMTPServerOptions = {
  closeTimeout: GRACE_MS,
  banner: 'Secure@Mail',
  minVersion: 'TLSv1.2',
  disableReverseLookup: true,
  socketTimeout: PATIENCE_MS,
  logger: false,
  // We answer for what the next server gets, and can promise it neither of these.
  hideDSN: true,
  hideREQUIRETLS: true,
  hideENHANCEDSTATUSCODES: false,
};

type Done = (error?: Error | null, message?: string) => void;

/** Answers DATA with what became of the mail; whatever is refused is counted. */
export const answering =
  (logger: Logger, receive: (stream: SMTPServerDataStream, session: SMTPServerSession) => Promise<string>) =>
  (stream: SMTPServerDataStream, session: SMTPServerSession, callback: Done): void => {
    receive(stream, session).then(
      (text) => {
        callback(null, text);
      },
      (error: unknown) => {
        countRefusal(error);
        if (problemOf(error).status >= 500) logger.error({ reason: reasonOf(error) }, 'mail not taken');
        // The rest of the message is read and forgotten, for only then the client listens (RFC 5321 §4.1.1.4).
        stream.resume();
        callback(smtpReplyOf(error));
      },
    );
  };

/** Lets the client go on, or tells it why not, which is counted. */
export function answer(callback: (error?: Error) => void, check: () => Promise<void>): void {
  check().then(
    () => {
      callback();
    },
    (error: unknown) => {
      countRefusal(error);
      callback(smtpReplyOf(error));
    },
  );
}

export interface Listening {
  place: 'submission' | 'inbound';
  logger: Logger;
  /** How often the certificate's files are looked at, milliseconds. */
  everyMs?: number;
}

/** Listens, once that is so; a client that breaks off is its own business, a broken listener is ours. */
export async function listening(
  server: SMTPServer,
  { host, port, ...files }: { host: string; port: number } & CertificateFiles,
  { place, logger, everyMs }: Listening,
): Promise<SmtpListener> {
  server.on('error', (error: Error) => {
    logger.debug({ reason: reasonOf(error) }, 'SMTP connection ended');
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  const certificate = {
    place,
    setting: `intake.${SECTION[place]}`,
    read: () => readCertificateFiles(place, files),
    // Who is connected goes on as he began.
    renewed: (pair: CertificatePair) => {
      server.updateSecureContext(pair);
    },
  };
  const watched = watchOwnCertificates(logger, () => [certificate], everyMs === undefined ? {} : { everyMs });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: async () => {
      await watched.close();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

/** @throws Problem `invalid-address` */
export function addressOf({ address }: SMTPServerAddress): Address {
  const read = readAddress(address);
  if (!read.ok) throw new Problem('invalid-address', `An address ${read.reason}.`);
  return read.address;
}

/** The message to its end; a connection that is lost on the way is an error and not an end. */
export async function* whole(stream: SMTPServerDataStream): AsyncIterable<Buffer> {
  try {
    // Leaving early must not destroy the stream: the reply to DATA comes when all of it was read.
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch {
    throw cutOff();
  }
  if (!stream.readableEnded) throw cutOff();
}

const cutOff = () => new Problem('incomplete-message', 'The connection ended before the final dot.');
