import { encodingOf } from '../http/encode.ts'

/** How large a block of memory is at most, in bytes; a text that is larger gets one of its own. */
const BLOCK = 65_536
/** So many blocks share the allowed memory at least. */
const BLOCKS = 20
/** So many blocks wait to be used again. */
const SPARE = 2

interface Block {
  readonly bytes: Buffer
  used: number
  /** How many kept places are in it. */
  places: number
}

const NO_BLOCK: Block = { bytes: Buffer.alloc(0), used: 0, places: 0 }

/** Where the texts of one exchange are kept. */
export class Place {
  block = NO_BLOCK
  start = 0
  /** How many bytes each text takes: Latin-1, then twice UTF-8. */
  head = 0
  request = 0
  response = 0
}

/** The texts of one exchange. */
export interface Texts {
  /** Of Latin-1, as HTTP's request line and headers are. */
  readonly head: string
  readonly request: string
  readonly response: string
}

/**
 * Texts that are kept for long and seldom read, in memory that the garbage collector neither visits nor copies: to it,
 * thousands of old texts cost more than all else that a journal does. Memory is used again when everything in a block was
 * released, so whoever releases places in about the order in which they were kept needs little more than the texts.
 */
export class TextStore {
  readonly #blockSize: number
  readonly #spare: Block[] = []
  #current: Block | undefined
  #bytes = 0

  /** @param bytes how much memory may be used about, which decides how large the blocks are */
  constructor(bytes: number) {
    this.#blockSize = Math.min(BLOCK, Math.ceil(bytes / BLOCKS))
  }

  /** How much memory is in use, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** @param place is told where they are */
  keep(head: string, request: string, response: string, place: Place): void {
    place.head = head.length
    place.request = sizeOf(request)
    place.response = sizeOf(response)
    const size = place.head + place.request + place.response
    const block = this.#blockFor(size)
    const { bytes, used: start } = block
    bytes.write(head, start, 'latin1')
    write(bytes, request, start + place.head, place.request)
    write(bytes, response, start + place.head + place.request, place.response)
    block.used += size
    block.places++
    place.block = block
    place.start = start
  }

  /** Of a place that was not released. */
  read({ block: { bytes }, start, head, request, response }: Place): Texts {
    const afterHead = start + head
    const end = afterHead + request
    return {
      head: bytes.toString('latin1', start, afterHead),
      request: bytes.toString('utf8', afterHead, end),
      response: bytes.toString('utf8', end, end + response),
    }
  }

  release(place: Place): void {
    const { block } = place
    // whoever keeps the place for later does not keep a large block with it
    place.block = NO_BLOCK
    if (--block.places > 0) return
    block.used = 0
    if (block === this.#current) return
    if (block.bytes.length === this.#blockSize && this.#spare.length < SPARE) this.#spare.push(block)
    else this.#bytes -= block.bytes.length
  }

  #blockFor(size: number): Block {
    const current = this.#current
    if (current && current.used + size <= current.bytes.length) return current
    if (size > this.#blockSize) return this.#allocate(size)
    this.#current = this.#spare.pop() ?? this.#allocate(this.#blockSize)
    return this.#current
  }

  #allocate(size: number): Block {
    this.#bytes += size
    return { bytes: Buffer.allocUnsafeSlow(size), used: 0, places: 0 }
  }
}

const sizeOf = (text: string): number => (text === '' ? 0 : Buffer.byteLength(text))

function write(bytes: Buffer, text: string, at: number, size: number): void {
  if (size > 0) bytes.write(text, at, encodingOf(text, size))
}
