/** The cookies of one browser, as far as the servers under test use them: names, values and ends. */
export class CookieJar {
  readonly #cookies = new Map<string, { readonly value: string; readonly endsAt: number }>()

  /** @param now the time of the server, by which cookies end, in milliseconds */
  store(setCookies: readonly string[], now = Date.now()): void {
    for (const line of setCookies) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
      const at = pair.indexOf('=')
      this.#cookies.set(pair.slice(0, at), { value: pair.slice(at + 1), endsAt: endOf(attributes, now) })
    }
  }

  /** The `Cookie` header; undefined when there is nothing to send. */
  header(now = Date.now()): string | undefined {
    const live = [...this.#cookies].filter(([, { endsAt }]) => endsAt > now)
    return live.length === 0 ? undefined : live.map(([name, { value }]) => `${name}=${value}`).join('; ')
  }

  /** The value of the cookie of that name, or of the first one whose name begins so. */
  get(beginning: string, now = Date.now()): string | undefined {
    const named = [...this.#cookies].find(([name, { endsAt }]) => name.startsWith(beginning) && endsAt > now)
    return named?.[1].value
  }

  delete(beginning: string): void {
    for (const name of this.#cookies.keys()) if (name.startsWith(beginning)) this.#cookies.delete(name)
  }
}

/** `Max-Age` counts before `Expires`; without either the cookie lives as long as the browser. */
function endOf(attributes: readonly string[], now: number): number {
  const value = (name: string) => attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.split('=')[1]
  const maxAge = value('max-age')
  if (maxAge !== undefined) return now + Number(maxAge) * 1000
  const expires = value('expires')
  return expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires)
}
