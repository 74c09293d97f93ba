// SPDX-License-Identifier: Apache-2.0
import { parentPort, workerData } from 'node:worker_threads';
import { getResolvedPDFJS } from 'unpdf';

/** The program of a thread: gives the files that are attached to a PDF, and ends. */
const { getDocument } = await getResolvedPDFJS();
const pdf = await getDocument({
  data: workerData as Uint8Array,
  disableFontFace: true,
  useSystemFonts: false,
  useWasm: false,
  verbosity: 0,
}).promise;
const files: Uint8Array[] = [];
for (const [id] of (await pdf.getAttachments()) ?? []) {
  const content = await pdf.getAttachmentContent(id);
  if (content instanceof Uint8Array) files.push(content);
}
parentPort?.postMessage(files);
