// SPDX-License-Identifier: Apache-2.0
import { DetailedError, Upload } from 'tus-js-client';
import { refused, Unreachable, type DraftFile } from './api.ts';
import { LEAST_AT_ONCE, nextAtOnce, PART_SIZE } from './upload-pace.ts';

/** Between tries, for some ten minutes; counted anew whenever something has gone up. Milliseconds. */
const TRIES = [500, 1_000, 2_000, ...Array<number>(120).fill(5_000)];

/** Somebody else adds to it, or tries to send what it is for; or a request broke off on its way, and what came of it is kept. */
const PASSING = new Set(['wrong-offset', 'draft-being-sent', 'incomplete-message', 'request-timeout']);

export interface Uploading {
  /** The id of the file; null where it was stopped. */
  done: Promise<string | null>;
  /** Stops it, and takes what has gone up out again, or leaves it there to be gone on with. */
  stop: (isTakenOut: boolean) => Promise<void>;
}

interface Going {
  /** Where files of the draft are begun. */
  endpoint: string;
  /** Where this one goes on; null: it is begun. */
  at: string | null;
  /** From 0 to 1. */
  onShare: (share: number) => void;
  /** The connection is lost: it is tried again. */
  onWaiting: () => void;
}

/** Sends a file up, going on by itself where that breaks off. Nothing of it is noted in the browser. */
export function startUpload(file: File, { endpoint, at, onShare, onWaiting }: Going): Uploading {
  let resolve: (fileId: string | null) => void = () => undefined;
  let reject: (fault: Error) => void = () => undefined;
  const done = new Promise<string | null>((onDone, onFault) => {
    [resolve, reject] = [onDone, onFault];
  });
  const absolute = (path: string) => new URL(path, window.location.href).href;
  let begunAt = performance.now();
  const upload: Upload = new Upload(file, {
    // What goes on is not begun anew where the server can't say how far it is.
    endpoint: at === null ? absolute(endpoint) : null,
    uploadUrl: at === null ? null : absolute(at),
    chunkSize: LEAST_AT_ONCE,
    onBeforeRequest: () => {
      begunAt = performance.now();
    },
    onChunkComplete: (octets, received) => {
      upload.options.chunkSize = nextAtOnce({ octets, milliseconds: performance.now() - begunAt, received });
    },
    retryDelays: TRIES,
    storeFingerprintForResuming: false,
    // By its id it is begun once, also where the answer to that is lost.
    metadata: { filename: file.name, id: crypto.randomUUID() },
    onProgress: (sent, total) => {
      onShare(total === 0 ? 1 : sent / total);
    },
    onShouldRetry: (error) => {
      const fault = faultIn(error);
      const isPassing = fault instanceof Unreachable || PASSING.has(fault.kind);
      if (isPassing) {
        upload.options.chunkSize = LEAST_AT_ONCE;
        onWaiting();
      }
      return isPassing;
    },
    onError: (error) => {
      reject(error instanceof DetailedError ? faultIn(error) : error);
    },
    onSuccess: () => {
      resolve(upload.url?.split('/').at(-1) ?? null);
    },
  });
  upload.start();
  return {
    done,
    async stop(isTakenOut) {
      await upload.abort();
      // Where nobody answers it is there still, and who sends is told.
      if (isTakenOut && upload.url !== null)
        await Upload.terminate(upload.url, { ...upload.options, retryDelays: [] }).catch(() => undefined);
      resolve(null);
    },
  };
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Begins a file of which nothing goes up now: it is seen on the page that is come back to, and nothing is sent without it. */
export async function beginOnly({ name, size }: File, endpoint: string): Promise<void> {
  await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(size),
      'Upload-Metadata': `filename ${base64(name)},id ${base64(crypto.randomUUID())}`,
    },
  });
}

/** Whether what has come of a file is the beginning of this one, octet for octet. */
export async function isBeginningOf(file: File, { size, missing }: DraftFile): Promise<boolean> {
  if (missing === null || missing.chosenAs !== file.name || size !== file.size) return false;
  const digests: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < missing.received; at += PART_SIZE) {
    const part = file.slice(at, Math.min(at + PART_SIZE, missing.received));
    digests.push(await sha256(await part.arrayBuffer()));
  }
  const digest = await sha256(await new Blob(digests).arrayBuffer());
  return [...digest].map((octet) => octet.toString(16).padStart(2, '0')).join('') === missing.digest;
}

const sha256 = async (octets: ArrayBuffer) => new Uint8Array(await crypto.subtle.digest('SHA-256', octets));

function faultIn({ originalResponse }: Pick<DetailedError, 'originalResponse'>) {
  const status = originalResponse?.getStatus() ?? 0;
  if (status === 0) return new Unreachable('no answer');
  try {
    return refused(status, JSON.parse(originalResponse?.getBody() || '{}'));
  } catch {
    return new Unreachable('no JSON');
  }
}
