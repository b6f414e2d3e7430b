import type { Namespaces } from '../../permissions/tuple.ts'
import type { SubjectSetRow, TupleRow } from '../../state/tuples.ts'
import type { FixtureSubjectSet, FixtureTuple } from '../fixture.ts'
import type { Build } from './build.ts'

const HINT = 'Name it in the configuration: "config": {"namespaces": [{"id": 0, "name": "videos"}]}.'

/** A relation tuple of a fixture as the world keeps it; `undefined` when its namespace is not known. */
export function buildTuple(
  build: Build,
  namespaces: Namespaces,
  entry: string | FixtureTuple,
  pointer: string,
): TupleRow | undefined {
  const tuple = typeof entry === 'string' ? parseTuple(entry) : entry
  if ((tuple.subject_id === undefined) === (tuple.subject_set === undefined)) {
    build.problem(pointer, 'a tuple has either a subject_id or a subject_set.')
    return undefined
  }
  return build.attempt(
    pointer,
    () => ({
      ...setRow(namespaces, tuple),
      subject: tuple.subject_set ? setRow(namespaces, tuple.subject_set) : (tuple.subject_id ?? ''),
    }),
    HINT,
  )
}

function setRow(
  namespaces: Namespaces,
  { namespace = '', namespace_id, object, relation }: FixtureSubjectSet,
): SubjectSetRow {
  return { namespace_id: namespace_id ?? namespaces.idOf(namespace), object, relation }
}

/** `namespace:object#relation@subject`, where the subject is an id or `namespace:object#relation`, as Keto's tools write. */
export function parseTuple(text: string): FixtureTuple {
  const [, namespace = '', object = '', relation = '', rest = ''] = /^([^:]*):([^#]*)#([^@]*)@(.*)$/s.exec(text) ?? []
  const subject = rest.replace(/^\((.*)\)$/s, '$1')
  const set = /^([^:]*):([^#]*)#(.*)$/s.exec(subject)
  if (!set) return { namespace, object, relation, subject_id: subject }
  const [, setNamespace = '', setObject = '', setRelation = ''] = set
  return {
    namespace,
    object,
    relation,
    subject_set: { namespace: setNamespace, object: setObject, relation: setRelation },
  }
}
