import { readFileSync } from 'node:fs'

/* Which operation of the published document a request is for, read from the document by the tests themselves. */

interface Route {
  readonly method: string
  readonly template: string
  readonly pattern: RegExp
  readonly operationId: string
}

const published = JSON.parse(readFileSync(new URL('../../spec/ory-api.json', import.meta.url), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>
}

/** Routes without parameters come first: `/sessions/whoami` is not a session's id. */
const routes: readonly Route[] = Object.entries(published.paths)
  .flatMap(([template, item]) =>
    Object.entries(item).map(([method, { operationId }]) => ({
      method: method.toUpperCase(),
      template,
      pattern: new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
      operationId,
    })),
  )
  .sort((a, b) => a.template.split('{').length - b.template.split('{').length)

/**
 * The `operationId` of a request; undefined where the document has no operation.
 * @param path with or without query
 */
export function publishedOperation(method: string, path: string): string | undefined {
  const bare = path.split('?')[0] ?? ''
  return routes.find((route) => route.method === method && route.pattern.test(bare))?.operationId
}

/** All operations, as `[method, path template, operationId]`. */
export const publishedRoutes: readonly (readonly [method: string, template: string, operationId: string])[] =
  routes.map(({ method, template, operationId }) => [method, template, operationId])
