import type { JsonObject } from '../../src/json.ts'
import { type ByState, type BySwitch, INTERNAL_ERROR, type Situation, type Ways } from './situation.ts'

/* How every documented status of relation tuples and of projects comes about. */

/** Keto fails over it; the contract refuses it when a client sends it, and lets it pass when a switch does. */
const NO_JSON: BySwitch = { thrown: 'body-not-json' }

const TUPLE = { namespace: 'files', object: 'doc', relation: 'view', subject_id: 'ann' }
const UNKNOWN = { ...TUPLE, namespace: 'nowhere' }
const { subject_id: _, ...HALF } = TUPLE
const query = (tuple: Readonly<Record<string, string>>) => new URLSearchParams(tuple).toString()

const allow = ({ app }: Situation) => app.send('PUT /admin/relation-tuples', { json: TUPLE })
const patch = (action: string, relation_tuple: JsonObject): ByState => {
  return ({ app }) => app.send('PATCH /admin/relation-tuples', { json: [{ action, relation_tuple }] })
}

/** Asks what has been allowed. */
const ask =
  (request: string, json?: JsonObject): ByState =>
  async (at) => {
    await allow(at)
    await at.app.send(request, json === undefined ? {} : { json })
  }

export const STATUSES_OF_PERMISSIONS: Ways = {
  createRelationTuple: {
    201: allow,
    400: ({ app }) => app.send('PUT /admin/relation-tuples', { json: HALF }),
    500: INTERNAL_ERROR,
  },
  patchRelationTuples: {
    204: patch('insert', TUPLE),
    400: patch('upsert', TUPLE),
    404: patch('insert', UNKNOWN),
    500: INTERNAL_ERROR,
  },
  deleteRelationTuples: {
    204: ask('DELETE /admin/relation-tuples?namespace=files'),
    400: ({ app }) => app.send('DELETE /admin/relation-tuples?subject_set.namespace=files'),
    500: ({ app }) => app.send('DELETE /admin/relation-tuples?namespace=nowhere'),
  },
  getRelationTuples: {
    200: ask('GET /relation-tuples?namespace=files'),
    404: ({ app }) => app.send('GET /relation-tuples?namespace=nowhere'),
    500: ({ app }) => app.send('GET /relation-tuples?page_token=nowhere'),
  },
  getCheck: {
    200: ask(`GET /relation-tuples/check/openapi?${query(TUPLE)}`),
    400: ({ app }) => app.send(`GET /relation-tuples/check/openapi?${query(HALF)}`),
    500: INTERNAL_ERROR,
  },
  postCheck: {
    200: ask('POST /relation-tuples/check/openapi', TUPLE),
    400: ({ app }) => app.send('POST /relation-tuples/check/openapi', { json: HALF }),
    500: NO_JSON,
  },
  getCheckMirrorStatus: {
    200: ask(`GET /relation-tuples/check?${query(TUPLE)}`),
    400: ({ app }) => app.send(`GET /relation-tuples/check?${query(HALF)}`),
    403: ({ app }) => app.send(`GET /relation-tuples/check?${query(TUPLE)}`),
    500: INTERNAL_ERROR,
  },
  postCheckMirrorStatus: {
    200: ask('POST /relation-tuples/check', TUPLE),
    400: ({ app }) => app.send('POST /relation-tuples/check', { json: HALF }),
    403: ({ app }) => app.send('POST /relation-tuples/check', { json: TUPLE }),
    500: NO_JSON,
  },
  getExpand: {
    200: ask('GET /relation-tuples/expand?namespace=files&object=doc&relation=view'),
    400: ({ app }) => app.send('GET /relation-tuples/expand?namespace=files&object=doc&relation=view&max-depth=deep'),
    404: ({ app }) => app.send('GET /relation-tuples/expand?namespace=nowhere&object=doc&relation=view'),
    500: INTERNAL_ERROR,
  },
}
