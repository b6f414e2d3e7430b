import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { type FlowBody, nodeOf } from './people.ts'

/*
 * A security key without a browser: it makes keys and signs with them as the ceremonies of WebAuthn want it.
 */

/** What differs from an honest answer. */
export interface Deviation {
  /** The page that uses the key. */
  readonly origin?: string
  readonly challenge?: string
  /** The party whose hash the key signs. */
  readonly rpId?: string
  /** The key signs something else. */
  readonly forged?: boolean
  readonly userHandle?: string
  readonly type?: string
}

type Options = {
  readonly challenge: string
  readonly rp?: { readonly id: string; readonly name: string }
  readonly rpId?: string
  readonly user?: { readonly id: string }
  readonly allowCredentials?: readonly { readonly id: string }[]
}

const ORIGIN = 'http://localhost:3000'
const USER_PRESENT = 0x01
const ATTESTED = 0x40

export class SecurityKey {
  readonly id = randomBytes(32)
  readonly #private: KeyObject
  readonly #cose: Buffer
  #userHandle = Buffer.alloc(0)
  #uses = 0

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    this.#private = privateKey
    // COSE: kty EC2, alg ES256, crv P-256, x, y
    this.#cose = cborMap([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ])
  }

  get hex(): string {
    return this.id.toString('hex')
  }

  /** The answer to a form that asks for a new key: the value of `webauthn_register`. */
  register(flow: FlowBody, deviation: Deviation & { readonly attestation?: 'none' | 'packed' } = {}): string {
    const options = optionsOf(flow, 'webauthn_register_trigger')
    this.#userHandle = Buffer.from(options.user?.id ?? '', 'base64')
    const clientData = clientDataOf(options, deviation.type ?? 'webauthn.create', deviation)
    const authData = Buffer.concat([
      this.#head(deviation.rpId ?? options.rp?.id ?? '', USER_PRESENT | ATTESTED),
      Buffer.alloc(16),
      Buffer.from([0, this.id.length]),
      this.id,
      this.#cose,
    ])
    const signed = deviation.forged ? Buffer.from('something else') : authData
    const statement =
      deviation.attestation === 'packed'
        ? cborMap([
            ['alg', -7],
            ['sig', this.#sign(signed, clientData)],
          ])
        : cborMap([])
    const attestationObject = cborMap([
      ['fmt', deviation.attestation ?? 'none'],
      ['attStmt', { encoded: statement }],
      ['authData', authData],
    ])
    return this.#answer({ attestationObject, clientDataJSON: clientData })
  }

  /** The answer to a form that asks for a known key: the value of `webauthn_login`. */
  login(flow: FlowBody, deviation: Deviation = {}): string {
    const options = optionsOf(flow, 'webauthn_login_trigger')
    const clientData = clientDataOf(options, deviation.type ?? 'webauthn.get', deviation)
    const authenticatorData = this.#head(deviation.rpId ?? options.rpId ?? '', USER_PRESENT)
    const signature = this.#sign(deviation.forged ? Buffer.from('something else') : authenticatorData, clientData)
    const userHandle =
      deviation.userHandle === undefined ? this.#userHandle : Buffer.from(deviation.userHandle, 'base64')
    return this.#answer({ authenticatorData, clientDataJSON: clientData, signature, userHandle })
  }

  #head(rpId: string, flags: number): Buffer {
    const head = Buffer.alloc(37)
    createHash('sha256').update(rpId).digest().copy(head)
    head.writeUInt8(flags, 32)
    head.writeUInt32BE(++this.#uses, 33)
    return head
  }

  #sign(authData: Buffer, clientData: Buffer): Buffer {
    const hash = createHash('sha256').update(clientData).digest()
    return sign('sha256', Buffer.concat([authData, hash]), this.#private)
  }

  #answer(response: Record<string, Buffer>): string {
    const id = this.id.toString('base64url')
    const texts = Object.entries(response).map(([name, bytes]) => [name, bytes.toString('base64url')])
    return JSON.stringify({ id, rawId: id, type: 'public-key', response: Object.fromEntries(texts) })
  }
}

/** What a button of a form asks the browser for. */
export function optionsOf(flow: FlowBody, trigger: string): Options {
  const attributes = nodeOf(flow, trigger)?.attributes
  const onclick = attributes && 'onclick' in attributes ? (attributes.onclick ?? '') : ''
  const call = /^window\.__oryWebAuthn(?:Login|Registration)\((.*)\)$/s.exec(onclick)
  if (!call) throw new Error(`the form has no ${trigger} that asks for a key: ${onclick}`)
  return JSON.parse(call[1] ?? '').publicKey
}

function clientDataOf(options: Options, type: string, { origin = ORIGIN, challenge }: Deviation): Buffer {
  const asked = Buffer.from(options.challenge, 'base64').toString('base64url')
  return Buffer.from(JSON.stringify({ type, challenge: challenge ?? asked, origin, crossOrigin: false }))
}

// --- CBOR, as far as keys need it --------------------------------------------------------------------------------------------

type CborValue = number | string | Buffer | { readonly encoded: Buffer }

function cborMap(entries: readonly (readonly [number | string, CborValue])[]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, value]) => [cbor(key), cbor(value)])])
}

function cbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  return 'encoded' in value ? value.encoded : Buffer.concat([head(2, value.length), value])
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length])
  return length < 256
    ? Buffer.from([(major << 5) | 24, length])
    : Buffer.from([(major << 5) | 25, length >> 8, length & 0xff])
}
