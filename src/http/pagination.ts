/** Pages as the real servers count them (admin-keto-projects §1.3). */
export interface Page {
  /** As asked for: 0 when absent, unreadable or negative. */
  readonly page: number
  /** 1 to 1000; 250 when absent or unreadable. */
  readonly per_page: number
}

const DEFAULT = 250
const MAX = 1000

export function parsePage(query: URLSearchParams): Page {
  const page = parseWhole(query.get('page'), 0)
  const perPage = parseWhole(query.get('per_page'), DEFAULT)
  return { page: Math.max(page, 0), per_page: Math.min(Math.max(perPage, 1), MAX) }
}

/** Rows of a database page: 0 and 1 are both the first. */
export function pageOffset({ page, per_page }: Page): number {
  return (Math.max(page, 1) - 1) * per_page
}

/**
 * `X-Total-Count` and `Link`. The links count pages from zero, although `pageOffset` does not: so they are on the real
 * servers, `prev` of the empty list at page -1 included.
 * @param url the address of the list, without a query
 */
export function paginationHeaders(url: string, total: number, { page, per_page }: Page): Record<string, string> {
  const link = (rel: string, to: number, size = per_page) => `<${url}?page=${to}&per_page=${size}>; rel="${rel}"`
  const last = total % per_page === 0 ? total - per_page : Math.floor(total / per_page) * per_page
  const offset = page * per_page
  const lastPage = last / per_page
  let links: string[]
  if (offset >= last && total === 0) links = [link('first', 0), link('next', page + 1), link('prev', page - 1)]
  else if (offset >= last && total < per_page) links = [link('first', 0, total)]
  else if (offset >= last) links = [link('first', 0), link('prev', lastPage - 1)]
  else if (offset < per_page) links = [link('next', 1), link('last', lastPage)]
  else links = [link('first', 0), link('next', page + 1), link('prev', page - 1), link('last', lastPage)]
  return { 'X-Total-Count': String(total), Link: links.join(',') }
}

/** A whole number with an optional sign, as Go's `strconv.ParseInt` reads it. */
function parseWhole(text: string | null, otherwise: number): number {
  if (text === null || !/^[+-]?\d+$/.test(text)) return otherwise
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : otherwise
}
