// SPDX-License-Identifier: Apache-2.0
import java.io.OutputStream;

/** Writes the MIME entity that it made, or the content that it found. */
interface Operation {
  void run(OutputStream out) throws Exception;
}
