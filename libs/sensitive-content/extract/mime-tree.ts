// SPDX-License-Identifier: Apache-2.0
import PostalMime from 'postal-mime';

/** An entity of a MIME message, as postal-mime keeps it; what is left out here is not used. */
interface MimeNode {
  /** Its body, transfer encoding undone; of a multipart, what stands before and behind its parts. */
  content: ArrayBuffer | null;
  childNodes: readonly MimeNode[];
  headers: readonly { key: string; value: string }[];
  /** Each with its name; a line that is no field is its own name. */
  rawHeaderLines: readonly { line: string }[];
  contentType: { parsed: Structured; multipart: string | false };
  contentDisposition: { parsed: Structured };
  contentTransferEncoding: { encoding: string };
}

interface Structured {
  value: string;
  params: Readonly<Record<string, string>>;
}

/** An entity of a message. */
export interface Entity {
  bytes: Uint8Array;
  parts: readonly Entity[];
  headers: readonly { key: string; value: string }[];
  /** Lines of its header that are no fields. */
  strayLines: readonly string[];
  /** Media type, lower case. */
  type: string;
  charset: string | undefined;
  /** Of `format=flowed` (RFC 3676), whether spaces before line ends go. */
  flowed: { delSp: boolean } | null;
  isMultipart: boolean;
  isAttachment: boolean;
  /** Transfer encoding, lower case; empty where none is given. */
  encoding: string;
  /** Of the outermost multipart: what stands behind its parts. */
  epilogue?: Uint8Array;
  /** As the mail has it, encoded words and all. */
  fileNames: readonly string[];
}

/**
 * postal-mime hides its tree, and its own result leaves out what no mail program shows (the text of a multipart whose
 * boundary never comes), which may be read, too. Here it stops when the tree is there; a tree that is missing throws.
 */
class TreeParser extends PostalMime {
  declare root: MimeNode;
  collectNode(): Promise<void> {
    return Promise.resolve();
  }
  renderTextContent(): void {
    // Nobody reads it.
  }
  buildMessage(): null {
    return null;
  }
}

/**
 * Reads a message into its tree of entities, bodies decoded.
 *
 * @throws where multiparts are more than `depth` in each other, or headers have more than 4 MiB.
 */
export async function mimeTree(message: Uint8Array, depth: number): Promise<Entity> {
  const parser = new TreeParser({ maxNestingDepth: depth, maxHeadersSize: MAX_HEADER_OCTETS });
  await parser.parse(message);
  const { root } = parser;
  return { ...entityOf(root), epilogue: behindParts(message, root.contentType.parsed.params['boundary']) };
}

/** What stands behind the last boundary of a message, which postal-mime does not keep. */
function behindParts(message: Uint8Array, boundary: string | undefined): Uint8Array {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  const close = Buffer.from(`\n--${boundary ?? ''}--`);
  for (let at = bytes.indexOf(close); boundary !== undefined && at >= 0; at = bytes.indexOf(close, at + 1)) {
    const end = at + close.length;
    if (LINE_END.test(bytes.toString('latin1', end, end + 2))) return bytes.subarray(end);
  }
  return new Uint8Array();
}

const LINE_END = /^(?:$|[ \t]|\r?\n)/u;

const MAX_HEADER_OCTETS = 4 * 1_024 * 1_024;
const FIELD = /^[!-9;-~]+[ \t]*:/u;

function entityOf(node: MimeNode): Entity {
  const { value: type, params } = node.contentType.parsed;
  const disposition = node.contentDisposition.parsed;
  return {
    bytes: new Uint8Array(node.content ?? new ArrayBuffer(0)),
    parts: node.childNodes.map(entityOf),
    headers: node.headers,
    strayLines: node.rawHeaderLines.map(({ line }) => line).filter((line) => !FIELD.test(line)),
    type: type.toLowerCase(),
    charset: params['charset'],
    flowed:
      params['format']?.toLowerCase() === 'flowed'
        ? { delSp: params['delsp']?.toLowerCase() === 'yes' }
        : null,
    isMultipart: node.contentType.multipart !== false,
    isAttachment: disposition.value.toLowerCase() === 'attachment',
    encoding: node.contentTransferEncoding.encoding,
    fileNames: [disposition.params['filename'], params['name']].filter((name) => name !== undefined),
  };
}
