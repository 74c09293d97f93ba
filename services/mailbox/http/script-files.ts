// SPDX-License-Identifier: Apache-2.0
import { extname } from 'node:path';
import express, { type RequestHandler } from 'express';

/** As the build compresses each file once, and better than there is time for when it is asked for. */
const COMPRESSED = { br: '.br', gzip: '.gz' } as const;

/** Files whose names change with what is in them, for every path beneath the folder. */
export function scriptFiles(folder: string): RequestHandler {
  const plain = express.static(folder, { index: false, immutable: true, maxAge: '1y', redirect: false });
  const compressedBy = (encoding: keyof typeof COMPRESSED) =>
    express.static(folder, {
      index: false,
      immutable: true,
      maxAge: '1y',
      redirect: false,
      setHeaders(response, path) {
        response.type(extname(path.slice(0, -COMPRESSED[encoding].length)));
        response.set('Content-Encoding', encoding);
      },
    });
  const compressed = { br: compressedBy('br'), gzip: compressedBy('gzip') };
  return (request, response, next) => {
    response.vary('Accept-Encoding');
    // Browsers take each as gladly.
    const encoding = (['br', 'gzip'] as const).find((each) => request.acceptsEncodings(each) !== false);
    if (encoding === undefined) {
      plain(request, response, next);
      return;
    }
    const { url } = request;
    request.url = url + COMPRESSED[encoding];
    compressed[encoding](request, response, () => {
      request.url = url;
      plain(request, response, next);
    });
  };
}
