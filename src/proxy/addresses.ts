/** Texts that name an address, and what each becomes. */
export type Rewrite = (text: string) => string

/** An address and what it becomes, both without a slash at the end. */
export type Pair = readonly [from: string, to: string]

/**
 * A function that puts addresses in place of others, wherever they stand whole: as they are, percent-encoded, or with the
 * slashes of JSON escaped. The redirect address that a social provider is told is left alone: the provider knows but that one.
 */
export function rewriteOf(pairs: readonly Pair[]): Rewrite {
  const forms = new Map<string, string>()
  for (const [from, to] of pairs) {
    const become = spellings(to)
    // of an address that stands for several APIs the first counts
    for (const [at, form] of spellings(from).entries()) if (!forms.has(form)) forms.set(form, become[at] ?? to)
  }
  const longest = [...forms.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(
    `(?<!redirect_uri=)(?:${longest.map(quoted).join('|')})(?!\\.?[\\w:-]|%3A|%2D|%2E\\w)`,
    'gi',
  )
  return (text) => (text.includes('://') || /%3a|:\\\//i.test(text) ? text.replace(pattern, become) : text)
  function become(found: string): string {
    return forms.get(found) ?? forms.get(found.toLowerCase()) ?? forms.get(lowerAround(found)) ?? found
  }
}

/** Percent-encoding is written in capitals here; elsewhere it may not be. */
const lowerAround = (text: string): string => text.toLowerCase().replace(/%[0-9a-f]{2}/g, (code) => code.toUpperCase())

const spellings = (address: string): string[] => [address, encodeURIComponent(address), address.replaceAll('/', '\\/')]

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** An address, and the others by which this machine's servers are called. */
export function alsoKnownAs(address: string): string[] {
  const url = new URL(address)
  if (!LOOPBACK.includes(url.hostname)) return [address]
  const others = LOOPBACK.filter((name) => name !== url.hostname).map((name) => {
    const other = new URL(address)
    other.hostname = name
    return other.href.replace(/\/+$/, '')
  })
  return [address, ...others]
}

/**
 * A cookie of the server behind as one of the proxy's: without its domain, and fit for plain HTTP.
 * @param prefix the path before all paths of the server behind
 */
export function rewriteCookie(
  line: string,
  { prefix, secure }: { readonly prefix: string; readonly secure: boolean },
): string {
  const [pair = '', ...attributes] = line.split(';')
  const kept = attributes.flatMap((attribute) => {
    const [, name = '', value = ''] = /^\s*([^=]*)=?(.*)$/.exec(attribute) ?? []
    switch (name.trim().toLowerCase()) {
      case 'domain':
        return []
      case 'path':
        return [prefix !== '' && isBelow(value, prefix) ? ` Path=${value.slice(prefix.length) || '/'}` : attribute]
      // browsers refuse these two over plain HTTP, but on names that demand them
      case 'secure':
        return secure && !demandsSecure(pair) ? [] : [attribute]
      case 'samesite':
        return secure && /none/i.test(value) && !demandsSecure(pair) ? [' SameSite=Lax'] : [attribute]
      default:
        return [attribute]
    }
  })
  return [pair, ...kept].join(';')
}

const demandsSecure = (pair: string): boolean => /^\s*__(Host|Secure)-/.test(pair)

/** Whether a path lies below a prefix. */
export const isBelow = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(`${prefix}/`) || path.startsWith(`${prefix}?`)
