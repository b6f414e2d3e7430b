import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import type { JsonObject } from '../../src/json.ts'

/*
 * Somebody's app: a page on another local port, whose scripts call Ory as single-page apps do.
 */

export interface App {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Serves one empty page, whatever is asked for. */
export async function startApp(): Promise<App> {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end('<!doctype html><html lang="en"><title>App</title><h1>The app</h1></html>')
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://localhost:${port}`, close }
}

/** What a script of the page got. `body` is empty when there was no JSON. */
export interface Fetched {
  readonly status: number
  readonly body: JsonObject
}

/** GET by a script of the page, with credentials. */
export function fetchFrom(page: Page, url: string): Promise<Fetched> {
  return request(page, url, undefined)
}

/** POST of JSON by a script of the page, with credentials. */
export function postFrom(page: Page, url: string, body: JsonObject): Promise<Fetched> {
  return request(page, url, JSON.stringify(body))
}

function request(page: Page, url: string, body: string | undefined): Promise<Fetched> {
  const inPage = async (asked: { url: string; body: string | undefined }) => {
    const accept = { Accept: 'application/json' }
    const response = await fetch(asked.url, {
      credentials: 'include',
      ...(asked.body === undefined
        ? { headers: accept }
        : { method: 'POST', headers: { ...accept, 'Content-Type': 'application/json' }, body: asked.body }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }
  return page.evaluate(inPage, { url, body })
}
