import type { WriteStream } from 'node:tty'

/** A line that says how far a long work has come. */
export interface Progress {
  readonly show: (text: string) => void
  readonly clear: () => void
}

/** Where nobody looks at a terminal, nothing is shown. */
export function progress(stream: Pick<WriteStream, 'isTTY' | 'write'>): Progress {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined }
  return {
    show: (text) => void stream.write(`\r\u001b[K${text}`),
    clear: () => void stream.write('\r\u001b[K'),
  }
}
