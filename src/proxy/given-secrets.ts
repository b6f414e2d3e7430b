import { isJsonObject, type Json } from '../json.ts'
import { isSecretName, MASK } from '../verdict/secret-names.ts'
import type { KnownValues } from './known-values.ts'

/**
 * The secrets that clients gave: each gets a value in its stead that nobody has to keep, the same wherever the same secret
 * stands, so that a password that was right is right when the conversation is played again.
 */
export class GivenSecrets {
  readonly #inStead = new Map<string, string>()
  /** Variables of the conversation. */
  readonly variables: Record<string, string> = {}

  /** What stands for a secret outside of conversations. */
  standInOf(secret: string): string | undefined {
    return this.#inStead.get(secret)
  }

  /** A body as a step writes it: without secrets, and with the places of known values. */
  written(value: Json, known: KnownValues, name = ''): Json {
    if (typeof value === 'string') return this.text(value, known, name)
    if (Array.isArray(value)) return value.map((item: Json) => this.written(item, known, name))
    if (!isJsonObject(value)) return value
    const members = Object.entries(value).map(([key, member]) => [key, this.written(member ?? null, known, key)])
    return Object.fromEntries(members)
  }

  text(text: string, known: KnownValues, name: string): string {
    const replaced = known.replaced(text)
    if (replaced !== text || text === '' || !isSecretName(name)) return replaced
    if (name.endsWith('totp_code')) return known.totpCode() ?? '000000'
    return name.endsWith('password') ? `{${this.#variable(text)}}` : MASK
  }

  /** An answer without the secrets that clients gave, and without those that stand under their names. */
  masked(value: Json, name = ''): Json {
    if (typeof value === 'string') {
      const isOpen = value === '' || value.includes('<') || !isSecretName(name)
      if (!isOpen) return MASK
      let masked = value
      for (const secret of this.#inStead.keys()) if (secret.length >= 8) masked = masked.replaceAll(secret, MASK)
      return masked
    }
    if (Array.isArray(value)) return value.map((item: Json) => this.masked(item, name))
    if (!isJsonObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.masked(member ?? null, key)]))
  }

  #variable(secret: string): string {
    const known = this.#inStead.get(secret)
    const number = known === undefined ? this.#inStead.size + 1 : [...this.#inStead.keys()].indexOf(secret) + 1
    if (known === undefined) {
      // one that was too short is too short again
      const inStead = secret.length < 8 ? `k${number}`.padEnd(secret.length, 'x') : `kestrel-${number}-harbour-lamp`
      this.#inStead.set(secret, inStead)
      this.variables[`password_${number}`] = inStead
    }
    return `password_${number}`
  }
}
