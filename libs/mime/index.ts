// SPDX-License-Identifier: Apache-2.0
export { addressesOf, namesWithoutAddress, parseAddresses, type Mailbox } from './addresses.ts';
export { attachedHeaders } from './attached-headers.ts';
export { aroundMarks } from './around-marks.ts';
export { asBuffer } from './as-buffer.ts';
export { binaryAsBase64 } from './binary-as-base64.ts';
export { composeMessage, type Attachment, type Composition, type Field, type Report } from './compose.ts';
export { dateTimeOf } from './date-time.ts';
export {
  MalformedMessageError,
  RefusedFieldError,
  UnneutralisableError,
  type MalformedMessageCode,
  type RefusedFieldCode,
} from './errors.ts';
export { fieldsSayWhatTheyMean, saysWhatItMeans } from './address-list.ts';
export { escapeHtml } from './escape-html.ts';
export { folded } from './folded.ts';
export { htmlAsText } from './html-as-text.ts';
export { piecesIn } from './html-pieces.ts';
export { decodeWords, headerOf, unfoldedValue, type Header, type HeaderField } from './header.ts';
export { activeParts, neutralised, type Neutralising } from './neutralise.ts';
export { isSevenBit } from './is-seven-bit.ts';
export { pdfParts, type PdfPart } from './pdf-parts.ts';
export { headerAlone, headerIn, readHeader } from './read-header.ts';
export { sevenBitHeader } from './seven-bit-header.ts';
export {
  boxOf,
  declarationsIn,
  linesOfText,
  listNumber,
  listStyleOf,
  symbolFontOf,
} from './style-declarations.ts';
export { inUnicode, type SymbolFont } from './symbol-fonts.ts';
export { toCrlf } from './to-crlf.ts';
export { withoutLegacyDisplay } from './without-legacy-display.ts';
