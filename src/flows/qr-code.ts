import { crc32, deflateSync } from 'node:zlib'
import encodeQr from 'qr'

/*
 * QR codes as pictures: the library finds the modules, here they become a PNG of one bit a pixel.
 */

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * A text as a QR code: a square PNG in a `data:` URL, the code in its middle as large as whole pixels allow.
 * @param size width and height in pixels; the code must fit into it
 */
export function qrCodeUrl(text: string, size: number): string {
  const modules = encodeQr(text, 'raw', { ecc: 'medium', border: 2 })
  const scale = Math.floor(size / modules.length)
  const margin = Math.floor((size - scale * modules.length) / 2)
  const module = (pixel: number) => Math.floor((pixel - margin) / scale)
  const rows = Array.from({ length: size }, (_, y) => modules[module(y)])
  return `data:image/png;base64,${png(rows, (row, x) => row?.[module(x)] ?? false).toString('base64')}`
}

/** A square picture in black and white, one bit a pixel. Rows that are the same object look the same. */
function png<Row>(rows: readonly Row[], isDark: (row: Row, x: number) => boolean): Buffer {
  const size = rows.length
  // each row begins with the byte that says it is not filtered
  const length = 1 + Math.ceil(size / 8)
  const pixels = Buffer.alloc(size * length)
  for (const [y, row] of rows.entries()) {
    const begin = y * length
    if (y > 0 && row === rows[y - 1]) pixels.copyWithin(begin, begin - length, begin)
    else for (let x = 0; x < size; x++) if (!isDark(row, x)) setBit(pixels, begin + 1 + (x >> 3), x & 7)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.writeUInt8(1, 8)
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND')])
}

/** @param bit counted from the highest */
function setBit(bytes: Buffer, at: number, bit: number): void {
  bytes[at] = (bytes[at] ?? 0) | (0x80 >> bit)
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, checksum])
}
