import type { Json } from '../../json.ts'
import type { ControlRoute } from './control-route.ts'

const json = (schema: Json): Json => ({ 'application/json': { schema } })

/** The OpenAPI document of the control API. */
export function controlDocument(routes: readonly ControlRoute[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    const path = `/__mock${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Control API of ory-mock',
      version,
      description: 'What a test does to the mock server. For tests only.',
    },
    paths: paths as unknown as Json,
  }
}

function operation({ path, summary, body, answer, query = [] }: ControlRoute): Json {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const asked = query.map((name) => ({ name, in: 'query', schema: { type: 'string' } }))
  return {
    summary,
    ...(named.length + asked.length > 0 ? { parameters: [...named, ...asked] } : {}),
    ...(body === undefined ? {} : { requestBody: { content: json(body) } }),
    responses: {
      ...(answer === undefined
        ? { '204': { description: 'Done.' } }
        : { '200': { description: 'Done.', content: json(answer) } }),
      default: {
        description: 'What is wrong.',
        content: json({ type: 'object', required: ['error'], properties: { error: { type: 'string' } } }),
      },
    },
  }
}
