import type { Call } from '../../../http/call.ts'
import type { JsonObject } from '../../../json.ts'
import { maxDepth } from '../../../permissions/depth.ts'
import { Namespaces, type RelationTuple, type SubjectSet } from '../../../permissions/tuple.ts'
import type { World } from '../../../state/world.ts'
import { CHECK, CHECK_MIRROR, TUPLES } from '../operation-ids.ts'
import { duration } from '../parameters.ts'
import { withQuery, withText } from '../request-change.ts'
import { laggingReplica, rememberWritten } from '../stale-read.ts'
import type { RequestChange, SwitchContext, SwitchDefinition } from '../switch.ts'
import { questionOf, type TupleChange, withFirstDelta, withTuple } from '../tuple-request.ts'

const CHECKS = [...CHECK, ...CHECK_MIRROR] as const
const BY_QUERY = ['getRelationTuples', 'deleteRelationTuples', 'getCheck', 'getCheckMirrorStatus'] as const
const WRITES = ['createRelationTuple', 'patchRelationTuples'] as const

/** A namespace that no configuration has. */
const NOWHERE = 'no-such-namespace'

/** Adds a tuple if it is not there; one of an unknown namespace cannot be. */
function ensure(world: World, tuple: RelationTuple): void {
  const namespaces = new Namespaces(world.settings.namespaces)
  if (!namespaces.has(tuple.namespace)) return
  const row = namespaces.rowOf(tuple)
  if (world.tuples.select(row, 0, 1).length === 0) world.tuples.add(row)
}

/** Asks for a member of the last of many groups, each within the one before: one more than may be looked through. */
function digDeep(call: Call): RequestChange | undefined {
  const question = questionOf(call)
  if (!question || !new Namespaces(call.world.settings.namespaces).has(question.namespace)) return undefined
  const depth = maxDepth(call.query, call.world)
  const group = (level: number): SubjectSet => ({ ...question, object: `mock-depth-${level}` })
  for (let level = 0; level < depth; level++) {
    const { namespace, object, relation } = group(level + 1)
    ensure(call.world, { ...group(level), subject: { namespace, object, relation } })
  }
  ensure(call.world, { ...group(depth), subject: question.subject })
  return withTuple(call, { object: group(0).object })
}

/** The set that is asked for and another one are members of each other. */
function closeCircle(call: Call): undefined {
  const read = (key: string): string => call.query.get(key) ?? ''
  const asked =
    call.method === 'GET'
      ? { namespace: read('namespace'), object: read('object'), relation: read('relation') }
      : questionOf(call)
  if (!asked) return undefined
  const { namespace, object, relation } = asked
  const [here, there] = [
    { namespace, object, relation },
    { namespace, object: 'mock-cycle', relation },
  ]
  ensure(call.world, { ...here, subject: there })
  ensure(call.world, { ...there, subject: here })
  return undefined
}

function removeNamespace({ call, parameters }: SwitchContext): RequestChange {
  const { settings } = call.world
  const gone = String(parameters['namespace'])
  return {
    settings: { ...settings, namespaces: settings.namespaces.filter(({ name }) => gone !== '' && name !== gone) },
  }
}

const NOBODY: TupleChange = { subject_id: 'mock-nobody', subject_set: undefined }
const SOME_SET: SubjectSet = { namespace: NOWHERE, object: 'o', relation: 'r' }
const SOME_TUPLE: JsonObject = { ...SOME_SET, subject_id: 'somebody' }

/** ecosystem §4.8. */
export const permissions = {
  'permission-denied': {
    title: 'The permission is denied, by the status',
    operations: CHECK_MIRROR,
    how: 'A gateway asks whether a request may pass. The question is put for somebody who has no permissions.',
    status: 403,
    sees: '403 {"allowed": false}, which is no error body.',
    effect: { before: ({ call }) => withTuple(call, NOBODY) },
  },
  'permission-denied-200': {
    title: 'The permission is denied, by the body alone',
    operations: CHECK,
    how: 'A client library asks. The question is put for somebody who has no permissions.',
    sees: '200 {"allowed": false}.',
    effect: { before: ({ call }) => withTuple(call, NOBODY) },
  },
  'check-depth-exceeded': {
    title: 'The permission lies deeper than checks go',
    operations: CHECKS,
    how: 'Groups within groups, one more than limit.max_read_depth or max-depth allows: mock-depth-0, mock-depth-1 … stay.',
    sees: 'Denied, and no error says why.',
    effect: { before: ({ call }) => digDeep(call) },
  },
  'check-unknown-namespace': {
    title: 'The namespace of the check is unknown',
    operations: CHECKS,
    how: 'A typing error.',
    sees: 'Denied, and no 404.',
    effect: { before: ({ call }) => withTuple(call, { namespace: NOWHERE }) },
  },
  'check-cycle': {
    title: 'Two groups are members of each other',
    operations: [...CHECKS, 'getExpand'],
    how: 'Somebody adds the group all to one of its own groups. The tuples stay.',
    sees: 'The usual answer: no set is looked through twice.',
    effect: { before: ({ call }) => closeCircle(call) },
  },
  'list-unknown-namespace': {
    title: 'The namespace of the list is unknown',
    operations: ['getRelationTuples'],
    how: 'A typing error.',
    status: 404,
    sees: '404 "Unknown namespace with name …".',
    effect: { before: ({ call }) => withQuery(call, { namespace: NOWHERE }) },
  },
  'namespace-removed': {
    title: 'Namespaces are gone from the configuration',
    operations: ['getRelationTuples'],
    how: 'A deployment forgets a namespace. It is back when the switch is cleared.',
    sees: '200 without the tuples of these namespaces; 404 where the list asks for one of them.',
    parameters: { namespace: { type: 'string', default: '', help: 'which one; without it all' } },
    effect: { before: (context) => removeNamespace(context) },
  },
  'expand-unknown-namespace': {
    title: 'The namespace to expand is unknown',
    operations: ['getExpand'],
    how: 'A typing error.',
    status: 404,
    sees: '404 "Unknown namespace with name …".',
    effect: { before: ({ call }) => withQuery(call, { namespace: NOWHERE }) },
  },
  'expand-empty': {
    title: 'There is nothing to expand',
    operations: ['getExpand'],
    how: 'Nobody has been given the relation yet.',
    sees: '200 null from the servers; in the dialect spec a leaf of what was asked.',
    effect: { before: ({ call }) => withQuery(call, { object: 'mock-nothing' }) },
  },
  'write-unknown-namespace': {
    title: 'The namespace of the new tuple is unknown',
    operations: WRITES,
    how: 'A typing error.',
    status: 404,
    sees: '404 "Unknown namespace with name …"; nothing is written.',
    effect: { before: ({ call }) => withTuple(call, { namespace: NOWHERE }) },
  },
  'delete-unknown-namespace': {
    title: 'The namespace of the tuples to delete is unknown',
    operations: ['deleteRelationTuples'],
    how: 'A typing error.',
    status: 500,
    sees: '500; nothing is deleted.',
    effect: { before: ({ call }) => withQuery(call, { namespace: NOWHERE }) },
  },
  'subject-missing': {
    title: 'The tuple has no subject',
    operations: [...WRITES, ...CHECKS],
    how: 'An optional value that is empty.',
    status: 400,
    sees: '400 "subject is not allowed to be nil".',
    effect: { before: ({ call }) => withTuple(call, { subject_id: undefined, subject_set: undefined }) },
  },
  'subject-duplicate': {
    title: 'The tuple has two subjects',
    operations: [...TUPLES, ...CHECKS],
    how: 'Both kinds of subject are filled in.',
    status: 400,
    sees: '400 "exactly one of subject_set or subject_id has to be provided".',
    effect: { before: ({ call }) => withTuple(call, { subject_id: 'somebody', subject_set: SOME_SET }) },
  },
  'subject-incomplete': {
    title: 'The subject set is incomplete',
    operations: BY_QUERY,
    how: 'subject_set.relation is forgotten. (In a body what is missing is empty.)',
    status: 400,
    sees: '400 "incomplete subject, provide …"; nothing is deleted.',
    effect: { before: ({ call }) => withTuple(call, { subject_id: undefined, subject_set: { namespace: NOWHERE } }) },
  },
  'legacy-subject-parameter': {
    title: 'The subject is in the old parameter',
    operations: ['getRelationTuples', 'getCheck', 'getCheckMirrorStatus'],
    how: 'A client from before Keto 0.7.',
    status: 400,
    sees: '400; the debug text of checks says that support for "subject" was dropped.',
    effect: { before: ({ call }) => withQuery(call, { subject: 'somebody' }) },
  },
  'max-depth-not-int': {
    title: 'max-depth is no number',
    operations: [...CHECKS, 'getExpand'],
    how: 'A text field.',
    status: 400,
    sees: '400 "unable to parse \'max-depth\' query parameter to int: …".',
    effect: { before: ({ call }) => withQuery(call, { 'max-depth': 'deep' }) },
  },
  'page-size-not-int': {
    title: 'page_size is no number',
    operations: ['getRelationTuples'],
    how: 'A text field.',
    status: 400,
    sees: '400 with Go’s text.',
    effect: { before: ({ call }) => withQuery(call, { page_size: 'all' }) },
  },
  'page-token-invalid': {
    title: 'page_token is not one of the server’s',
    operations: ['getRelationTuples'],
    how: 'A token of another version, or one made up.',
    status: 500,
    sees: '500 "malformed page token".',
    effect: { before: ({ call }) => withQuery(call, { page_token: 'next' }) },
  },
  'patch-unknown-action': {
    title: 'A change has an action that there is not',
    operations: ['patchRelationTuples'],
    how: '"upsert", as elsewhere.',
    status: 400,
    sees: '400 "unknown action upsert"; nothing is applied.',
    effect: {
      before: ({ call }) =>
        withFirstDelta(call, (delta) => ({ relation_tuple: SOME_TUPLE, ...delta, action: 'upsert' })),
    },
  },
  'patch-tuple-missing': {
    title: 'A change has no tuple',
    operations: ['patchRelationTuples'],
    how: 'A wrong key.',
    status: 400,
    sees: '400 "relation_tuple is missing"; nothing is applied.',
    effect: {
      before: ({ call }) => withFirstDelta(call, ({ relation_tuple: _, ...delta }) => ({ action: 'insert', ...delta })),
    },
  },
  'body-not-json': {
    title: 'The body is no JSON',
    operations: [...WRITES, 'postCheck', 'postCheckMirrorStatus'],
    how: 'A form, or a body that was cut off.',
    status: 400,
    sees: '400 from writes, 500 from checks.',
    effect: { before: ({ call }) => withText(call, '{"namespace"') },
  },
  'keto-read-write-split': {
    title: 'The request comes in by the wrong port',
    operations: [...TUPLES, ...CHECKS, 'getExpand'],
    how: 'Reads go to one port, writes to another.',
    status: 404,
    sees: '404 page not found, as text.',
    effect: { before: ({ call }) => ({ listener: call.path.startsWith('/admin') ? 'read' : 'write' }) },
  },
  'stale-read': {
    title: 'Checks do not see at once what is written',
    operations: [...WRITES, ...CHECKS],
    how: 'Caches and replicas: eventual consistency.',
    sees: 'Checks are answered as if the tuples of the last moments were not there. What is deleted is gone at once.',
    parameters: { for: duration('1s', 'how old a tuple has to be, by the world’s clock') },
    counts: true,
    effect: { before: laggingReplica, after: rememberWritten },
  },
} as const satisfies Record<string, SwitchDefinition>
