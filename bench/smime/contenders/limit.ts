// SPDX-License-Identifier: Apache-2.0
import * as crypto from 'node:crypto';
import type { Task } from '../contender.ts';
import { inProcess, type Operation } from '../in-process.ts';
import { unwrapping, wrap } from './limit-keys.ts';

/** A multiple of 3 and of 4, so that pieces of base64 fit together, and small enough for the processor's caches. */
const CHUNK = 48 * 1024;
/** Where base64 is written to and read to, again and again: as fast as it goes in JavaScript. */
const scratch = Buffer.alloc(CHUNK * 2);
/** Octets of what is signed in place of the content: the signed attributes. */
const ATTRIBUTES = Buffer.alloc(300);

/**
 * The bare primitives of OpenSSL on the same bytes, without any format, and nothing is kept of what they make: what no
 * program on top of them can beat on one core. Base64 is Node's, without line ends. Keys are given as Node 24 takes them
 * fastest: it is slow to find out that an object is no KeyObject.
 */
export const limit = inProcess((task): Operation => {
  const { content } = task;
  switch (task.op) {
    case 'sign':
      return () => {
        sign(task);
      };
    case 'encrypt':
      return () => {
        encrypt(task);
      };
    case 'sign+encrypt':
      return () => {
        sign(task);
        encrypt(task);
      };
    case 'open+verify':
      return opening(task, content);
  }
});

function* chunksOf(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

function sign({ cast, content }: Task): void {
  crypto.hash('sha256', content, 'buffer');
  crypto.sign('sha256', ATTRIBUTES, cast.key);
}

function encrypt({ cast, recipients, content }: Task): void {
  const key = crypto.randomBytes(32);
  for (const { x509 } of cast.recipients.slice(0, recipients)) wrap(x509.publicKey, key);
  const cipher = crypto.createCipheriv('aes-256-cbc', crypto.createSecretKey(key), crypto.randomBytes(16));
  for (const chunk of chunksOf(content)) scratch.write(cipher.update(chunk).toString('base64'), 'latin1');
  scratch.write(cipher.final().toString('base64'), 'latin1');
}

/** Hashes the content alone: the line ends and the signature around it are format. */
function opening({ cast }: Task, content: Buffer): Operation {
  const key = crypto.randomBytes(32);
  const iv = crypto.randomBytes(16);
  const cipher = crypto.createCipheriv('aes-256-cbc', key, iv);
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  const text = Buffer.from(ciphertext.toString('base64'), 'latin1');
  const publicKey = crypto.createPublicKey(cast.key);
  const signature = crypto.sign('sha256', ATTRIBUTES, cast.key);
  const unwrap = unwrapping(cast.key, publicKey, key);
  return () => {
    unwrap();
    const decipher = crypto.createDecipheriv('aes-256-cbc', crypto.createSecretKey(key), iv);
    const digest = crypto.createHash('sha256');
    for (const chunk of chunksOf(text)) {
      const length = scratch.write(chunk.toString('latin1'), 'base64');
      digest.update(decipher.update(scratch.subarray(0, length)));
    }
    digest.update(decipher.final()).digest();
    if (!crypto.verify('sha256', ATTRIBUTES, publicKey, signature)) throw new Error('no signature');
  };
}
