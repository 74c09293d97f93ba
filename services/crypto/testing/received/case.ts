// SPDX-License-Identifier: Apache-2.0
import type { Reservation, Verdict } from '@securemail/contracts';
import { messageAround } from '../outside-mail.ts';
import type { ReceivedCast } from '../received-cast.ts';
import type { Circumstances } from '../received-mail.ts';
import type { Reader } from '../openssl.ts';
import { pkcs7As, SHAPES, signedAs, type Shape } from '../client-shapes.ts';

/** A mail from outside, and what its reader gets. */
export interface ReceivedCase {
  title: string;
  /** Whose shape it has; the CMS in it is made by the `openssl` program. */
  shape: keyof typeof SHAPES | 'by hand';
  make: (cast: ReceivedCast) => Promise<Buffer | string>;
  given?: Partial<Omit<Circumstances, 'directory'>> & { signedAgo?: number };
  verdict: Verdict;
  /** In the order in which they are told. */
  reservations?: readonly Reservation[];
  /** Null where it opens. */
  unopened?: string;
  neutralised?: true;
  /** Where it is not `Journal`, nor from Bo. */
  subject?: string;
  from?: string;
  /** A text that its reader sees; null for none of it. */
  text?: string | null;
  /** What is nowhere in the message. */
  nowhere?: readonly string[];
}

export const TEXT =
  'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nK=C3=A6re Anna\r\n.\r\n';
export const SEEN = 'Kære Anna';
export const HTML =
  'Content-Type: text/html; charset=utf-8\r\n\r\n<p>K&aelig;re Anna</p><img src="http://evil.example/?">\r\n';

export type MessageFields = NonNullable<Parameters<typeof messageAround>[1]>;

interface Shaping {
  shape?: keyof typeof SHAPES;
  change?: Partial<Shape>;
  fields?: MessageFields;
}

const shapeOf = ({ shape = 'standard', change = {} }: Shaping): Shape => ({ ...SHAPES[shape], ...change });

const message = (entity: string, shaping: Shaping) =>
  messageAround(entity, { more: shapeOf(shaping).fields, ...shaping.fields });

type Maker = (cast: ReceivedCast) => Promise<string>;
type By = (cast: ReceivedCast) => Reader | readonly Reader[];

export const bo: By = ({ issued }) => issued.bo;
export const anna = ({ issued }: ReceivedCast): readonly Reader[] => [issued.anna];

/** A multipart/signed, as an entity. */
export const detachedEntity =
  (entity: string, by: By = bo, shaping: Shaping = {}, ...options: string[]): Maker =>
  async (cast) =>
    signedAs(shapeOf(shaping), entity, await cast.cms.sign(entity, by(cast), ...options));

/** A SignedData with its content in it, as an entity. */
export const opaqueEntity =
  (entity: string, by: By = bo, shaping: Shaping = {}, ...options: string[]): Maker =>
  async (cast) =>
    pkcs7As(shapeOf(shaping), await cast.cms.sign(entity, by(cast), '-nodetach', ...options), 'signed-data');

/** Encrypted, as an entity. */
export const encryptedEntity =
  (entity: string | Maker, readers = anna, shaping: Shaping = {}, ...options: string[]): Maker =>
  async (cast) =>
    pkcs7As(
      shapeOf(shaping),
      await cast.cms.encrypt(
        typeof entity === 'string' ? entity : await entity(cast),
        readers(cast),
        ...options,
      ),
      options.some((each) => each.endsWith('gcm')) ? 'authEnveloped-data' : 'enveloped-data',
    );

/** The message around an entity. */
export const mail =
  (entity: string | Maker, shaping: Shaping = {}): Maker =>
  async (cast) =>
    message(typeof entity === 'string' ? entity : await entity(cast), shaping);
