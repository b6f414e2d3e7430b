import { loadDocument } from '../../src/contract/document.ts'
import { brokenRequests, type SampleRequest, validRequests } from '../support/broken-requests.ts'
import { publishedRoutes } from '../support/published-routes.ts'
import type { Random } from '../support/random.ts'
import { choose } from './model.ts'
import type { Walker } from './walker.ts'

/* Requests made from the document alone, right and broken, to things that exist. */

const IDENTITY_OPERATIONS = new Set(
  publishedRoutes
    .filter(([, path]) => !/^\/(relation-tuples|admin\/relation-tuples|projects|health|version)/.test(path))
    .map(([, , operationId]) => operationId),
)

/** Those that delete, replace or sign out are made by steps that keep the model. */
const isHarmless = ({ operationId, method }: SampleRequest): boolean =>
  IDENTITY_OPERATIONS.has(operationId) && !['DELETE', 'PUT', 'PATCH'].includes(method)

let requests: readonly SampleRequest[] | undefined

function corpus(): readonly SampleRequest[] {
  const document = loadDocument('spec')
  requests ??= [...brokenRequests(document), ...validRequests(document)].filter(isHarmless)
  return requests
}

export async function sendFromDocument(walker: Walker, dice: Random): Promise<void> {
  const request = choose(dice, corpus())
  if (!request) return
  const client = walker.client(dice.pick(['app', 'browser']))
  const kind = /\/self-service\/(login|registration|settings|recovery|verification)$/.exec(request.path)?.[1]
  const session = choose(dice, walker.model.inForce(walker.now))
  const headers = { ...request.headers, ...(kind === 'settings' ? session?.headers : {}) }
  const flow = kind && kind !== 'settings' ? await walker.begin(client, kind as 'login') : undefined
  const id = flow?.id ?? choose(dice, walker.model.people)?.id
  const path = request.path.replace(/[\da-f-]{36}/, id ?? 'x')
  const query = request.rawQuery.replace(/[\da-f-]{36}/, id ?? 'x')
  await walker.send(client, `${request.method} ${path}${query === '' ? '' : `?${query}`}`, {
    headers,
    ...(request.text === '' ? {} : { text: request.text }),
  })
}
